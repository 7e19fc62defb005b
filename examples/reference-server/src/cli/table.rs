//! CSV files as the models read them.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use dharmagraph_reference_server::frame::Frame;
use flate2::read::MultiGzDecoder;

use super::failure::Failure;

/// A file's content; one whose name ends with `.gz` is unpacked.
pub(crate) fn content(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error| Failure::file("read", path, &error);
    let mut file = File::open(path).map_err(failed)?;
    let mut content = Vec::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        let unpacked = MultiGzDecoder::new(file).read_to_end(&mut content);
        unpacked.map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::InvalidInput => {
                Failure::new(format!("{}: expected a whole gzip file, found another one", path.display()))
            }
            _ => failed(error),
        })?;
    } else {
        file.read_to_end(&mut content).map_err(failed)?;
    }
    Ok(content)
}

/// A file as a frame.
pub(crate) fn frame(path: &Path) -> Result<Frame, Failure> {
    Frame::from_csv(&content(path)?).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}
