use ::linfa::dataset::{Dataset, Pr};
use ::linfa::prelude::{BinaryClassification, SingleTargetRegression};
use ::linfa::traits::{Fit, Predict, PredictInplace, Transformer};
use ndarray::{Array1, Array2, array};

use crate::anomaly::{MultivariateMethod, MultivariateModel, MultivariateTrainer, Scaling};
use crate::boost::{Booster, Boosting, Examples, Loss, Parameters};
use crate::data::{Schema, Table};
use crate::error::Error;
use crate::model::{Detector, Predictor, Trainer, save};

fn records() -> Array2<f64> {
    Array2::from_shape_fn((300, 3), |(row, column)| (row * row * (column + 3) % 101) as f64 / 10.0)
}

fn boosting(loss: Loss) -> Boosting {
    Parameters { loss, rounds: 20, ..Parameters::default() }.check().unwrap()
}

fn fitted<M, T: Trainer<Model = M>>(trainer: &T, data: &T::Data) -> M {
    trainer.fit(data).unwrap()
}

fn trainer() -> MultivariateTrainer {
    MultivariateTrainer::new(MultivariateMethod::Fused, Scaling::Range, 0.01, 0).unwrap()
}

fn detector(records: &Array2<f64>) -> MultivariateModel {
    Fit::fit(&trainer(), &Dataset::from(records.clone())).unwrap()
}

#[test]
fn trees_from_a_data_set_are_those_of_the_examples_to_the_byte() {
    let records = records();
    let targets = records.column(0).mapv(|value| value > 5.0);
    let weights = Array1::from_shape_fn(300, |row| 1.0 + (row % 3) as f32);
    let data = Dataset::new(records.clone(), targets.clone());
    let data = data.with_weights(weights.clone()).with_feature_names(vec!["a", "b", "c"]);
    let booster = Fit::fit(&boosting(Loss::Logistic), &data).unwrap();

    let table = Table::from_array(records.view()).unwrap();
    let numbers = targets.iter().map(|target| f64::from(u8::from(*target))).collect();
    let examples = Examples::new(Schema::numeric(["a", "b", "c"]).unwrap(), table.clone(), numbers).unwrap();
    let examples = examples.with_weights(weights.iter().map(|weight| f64::from(*weight)).collect()).unwrap();
    let direct: Booster = fitted(&boosting(Loss::Logistic), &examples);
    assert_eq!(save(&booster).unwrap(), save(&direct).unwrap());

    let said = Predict::predict(&booster, &records);
    let expected: Array1<f64> = Predictor::predict(&direct, &table).unwrap().into_iter().flatten().collect();
    assert_eq!(said, expected);
    let curve = said.mapv(|probability| Pr::new(probability as f32)).roc(targets.as_slice().unwrap()).unwrap();
    assert!(curve.area_under_curve() > 0.99);
}

#[test]
fn a_part_of_a_data_set_is_learnt_from_and_the_other_judged() {
    let records = records();
    let targets = &records.column(0) * 2.0 - records.column(2);
    let data = Dataset::new(records, targets);
    let (training, rest) = data.split_with_ratio(0.7);
    let booster = Fit::fit(&boosting(Loss::Squared), &training).unwrap();
    assert_eq!(booster.schema().features()[2].name, "feature 3");
    let error = Predict::predict(&booster, &rest.records).mean_squared_error(&rest.targets).unwrap();
    let variance = rest.targets.var(0.0);
    assert!(error < 0.2 * variance, "{error} of {variance}");
}

#[test]
fn a_detector_from_a_data_set_is_that_of_the_table_to_the_byte() {
    let records = records();
    let table = Table::from_array(records.view()).unwrap();
    let model = detector(&records);
    assert_eq!(save(&model).unwrap(), save(&fitted(&trainer(), &table)).unwrap());
    let points = model.score(&table).unwrap();
    assert_eq!(Predict::predict(&model, &records).to_vec(), points.iter().map(|point| point.p_value).collect::<Vec<_>>());
    let parts = model.transform(records).unwrap();
    assert!(parts.outer_iter().zip(&points).all(|(parts, point)| parts.to_vec() == point.contributions));
}

#[test]
fn what_cannot_be_learnt_from_is_an_error() {
    let fit = |records: Array2<f64>, targets: Array1<f64>| Fit::fit(&boosting(Loss::Squared), &Dataset::new(records, targets));
    let data = |error: Result<Booster, Error>| matches!(error, Err(Error::Data { .. }));
    assert!(data(fit(array![[1.0], [2.0]], array![1.0, f64::NAN])));
    assert!(data(fit(array![[1.0], [2.0]], array![1.0])));
    assert!(data(fit(array![[1.0], [f64::INFINITY]], array![1.0, 2.0])));
    assert!(data(fit(Array2::zeros((2, 0)), array![1.0, 2.0])));
    assert!(matches!(fit(Array2::zeros((0, 1)), Array1::zeros(0)), Err(Error::TooShort { .. })));
    let short = Fit::fit(&trainer(), &Dataset::from(array![[1.0], [2.0]]));
    assert!(matches!(short, Err(Error::TooShort { .. })));
    assert!(matches!(Error::from(::linfa::Error::NotEnoughSamples), Error::Data { .. }));
}

#[test]
fn what_cannot_be_answered_is_no_number_and_never_a_panic() {
    let mut records = records();
    let booster = Fit::fit(&boosting(Loss::Squared), &Dataset::new(records.clone(), records.column(0).to_owned())).unwrap();
    let model = detector(&records);
    let narrow = records.slice_axis(ndarray::Axis(1), (..2).into()).to_owned();
    assert!(Predict::predict(&booster, &narrow).iter().all(|answer| answer.is_nan()));
    assert!(Predict::predict(&model, &narrow).iter().all(|answer| answer.is_nan()));
    assert!(matches!(model.transform(narrow), Err(Error::Data { .. })));
    records[[1, 0]] = f64::INFINITY;
    records[[2, 0]] = f64::NAN;
    for said in [Predict::predict(&booster, &records), Predict::predict(&model, &records)] {
        assert!(said.iter().enumerate().all(|(row, answer)| answer.is_nan() == (row == 1)));
    }
    // Room for fewer or more answers than rows is linfa's to make.
    let mut odd = Array1::zeros(400);
    booster.predict_inplace(&records, &mut odd);
    assert!(odd[299].is_finite() && odd[300].is_nan());
}
