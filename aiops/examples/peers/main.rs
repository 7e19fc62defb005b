//! What these models say of the rows of public data sets, for a comparison with other libraries: `tests/peers/compare.py` reads
//! it and judges both on the same rows, folds and features.
//!
//! `peers DATA OUT [SET ..]` reads the files of the directory `DATA` that docs/aiops.md lists, and writes to `OUT` for each data
//! set a CSV with the fold of each row and what a model of the other folds says of it, and `fits.csv` with the processor time of
//! fits.

mod failure;
mod fits;
mod input;
mod threat;

use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [data, out, only @ ..] = arguments.as_slice() else {
        return Err("expected the directory of the data sets and one to write to, then data sets: fd001, ai4i, nslkdd".into());
    };
    let wanted = |name: &str| only.is_empty() || only.iter().any(|only| only.as_os_str() == name);
    std::fs::create_dir_all(out)?;
    let mut fits = Vec::new();
    if wanted("fd001") {
        let records = failure::engines(&data.join("failure/cmapss_fd001_train.csv.gz"))?;
        fits.extend(failure::judge("fd001", &records, &out.join("fd001.csv"))?);
    }
    if wanted("ai4i") {
        let records = failure::machines(&data.join("failure/ai4i2020_train.csv.gz"))?;
        fits.extend(failure::judge("ai4i", &records, &out.join("ai4i.csv"))?);
    }
    if wanted("nslkdd") {
        let flows = threat::flows(&data.join("threat/nslkdd_train_36f.csv.gz"))?;
        fits.extend(threat::judge("nslkdd", &flows, &out.join("nslkdd.csv"))?);
    }
    fits::write(&fits, &out.join("fits.csv"))
}
