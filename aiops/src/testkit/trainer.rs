//! What a [`Trainer`] promises.

use super::{ok, refused};
use crate::error::{Error, ErrorKind};
use crate::model::{Model, Trainer, save};

/// Two models of the same trainer and data are the same bytes as files.
pub fn the_same_data_gives_the_same_file<T: Trainer>(trainer: &T, data: &T::Data)
where
    T::Model: Model,
{
    let file = || ok(trainer.fit(data).and_then(|model| save(&model)), "data that can be learnt from");
    assert!(file() == file(), "two trainings on the same data give two files");
}

/// Data that nothing can be learnt from is refused, and the error tells what was expected.
pub fn it_is_refused<T: Trainer>(trainer: &T, data: &T::Data, what: &str) {
    let error = refused(trainer.fit(data), what);
    assert!(matches!(error, Error::Data { .. } | Error::TooShort { .. } | Error::TooMuch { .. }), "{what}: {error:?}");
    assert!(matches!(error.kind(), ErrorKind::Invalid | ErrorKind::LimitExceeded), "{what}: {error:?}");
}
