//! Any bytes as a model file of each kind: what is taken can be written again, and what does not hold together is refused. The
//! checksum is put right, so that what is behind it is read, too.
#![no_main]

use dharmagraph_aiops::anomaly::{MultivariateModel, MultivariateStreamState, PersistenceState, StreamDetector, StreamState};
use dharmagraph_aiops::boost::Booster;
use dharmagraph_aiops::drift::DriftReference;
use dharmagraph_aiops::failure::FailureModel;
use dharmagraph_aiops::model::{Model, load, save};
use dharmagraph_aiops::registry::Registry;
use dharmagraph_aiops::threat::FlowDetector;
use libfuzzer_sys::fuzz_target;

/// The first byte chooses the kind; the rest is the content of the file, behind a header of that kind.
fuzz_target!(|data: &[u8]| {
    let Some((kind, content)) = data.split_first() else { return };
    let _ = load::<FailureModel>(content);
    match kind % 10 {
        0 => read::<FailureModel>(content),
        1 => read::<MultivariateModel>(content),
        2 => read::<StreamDetector>(content),
        3 => read::<FlowDetector>(content),
        4 => read::<DriftReference>(content),
        5 => read::<Registry>(content),
        6 => read::<StreamState>(content),
        7 => read::<MultivariateStreamState>(content),
        8 => read::<PersistenceState>(content),
        _ => read::<Booster>(content),
    }
});

fn read<M: Model>(content: &[u8]) {
    let mut file = b"DHGMODEL".to_vec();
    file.extend(1_u16.to_le_bytes());
    file.push(u8::try_from(M::KIND.len()).unwrap());
    file.extend(M::KIND.as_bytes());
    file.extend(M::FORMAT.to_le_bytes());
    file.extend(content);
    let checksum = blake3::hash(&file);
    file.extend(checksum.as_bytes());
    if let Ok(model) = load::<M>(&file) {
        let written = save(&model).unwrap();
        assert!(load::<M>(&written).is_ok());
    }
}
