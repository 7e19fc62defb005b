//! Models as files.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// What each file begins with.
const MAGIC: &[u8; 8] = b"DHGMODEL";
/// The layout of the file, beside that of the model in it.
const LAYOUT: u16 = 1;
/// The largest file that is read.
const LARGEST: usize = 1 << 30;
/// BLAKE3 of all before it ends the file.
const CHECKSUM: usize = 32;

/// A model that can be kept in a file.
pub trait Model: Serialize + DeserializeOwned {
    /// Which model it is, the same for ever: `failure`.
    const KIND: &'static str;
    /// The version of its content. Files of another one are refused with its number.
    const FORMAT: u16;

    /// Checks what was read, beyond its types: that indexes are within bounds and numbers are numbers.
    ///
    /// # Errors
    /// [`Error::ModelFile`] that says what does not hold.
    fn check(&self) -> Result<()>;
}

/// Writes a model: magic, layout, kind and its length, format (integers little-endian), content in postcard, BLAKE3 of all
/// that. The same model gives the same bytes.
///
/// # Errors
/// [`Error::ModelFile`] for one that cannot be written.
pub fn save<M: Model>(model: &M) -> Result<Vec<u8>> {
    let mut file = MAGIC.to_vec();
    file.extend(LAYOUT.to_le_bytes());
    file.push(u8::try_from(M::KIND.len()).unwrap_or(u8::MAX));
    file.extend(M::KIND.as_bytes());
    file.extend(M::FORMAT.to_le_bytes());
    file = postcard::to_extend(model, file)
        .map_err(|error| Error::ModelFile { expected: "a model that can be written".into(), found: error.to_string() })?;
    let checksum = blake3::hash(&file);
    file.extend(checksum.as_bytes());
    Ok(file)
}

/// Reads a model that [`save`] wrote.
///
/// # Errors
/// [`Error::ModelFile`] that says what was expected and what came: no model file, a cut or changed one, another kind, another
/// version, a content that does not hold together.
pub fn load<M: Model>(file: &[u8]) -> Result<M> {
    let refuse = |expected: String, found: String| Error::ModelFile { expected, found };
    if file.len() > LARGEST {
        return Err(refuse(format!("at most {LARGEST} bytes"), format!("{} bytes", file.len())));
    }
    let Some(rest) = file.strip_prefix(MAGIC) else {
        return Err(refuse("a file that begins with DHGMODEL".into(), format!("another one, of {} bytes", file.len())));
    };
    let cut = || refuse("a whole file".into(), format!("the first {} bytes of one", file.len()));
    let (layout, rest) = rest.split_first_chunk().ok_or_else(cut)?;
    let layout = u16::from_le_bytes(*layout);
    if layout != LAYOUT {
        return Err(refuse(format!("layout {LAYOUT}"), format!("layout {layout}; a newer program may have written it")));
    }
    let Some(end) = file.len().checked_sub(CHECKSUM) else { return Err(cut()) };
    if blake3::hash(&file[..end]) != *file[end..].first_chunk::<CHECKSUM>().ok_or_else(cut)? {
        return Err(refuse("a file as it was written".into(), "one that was cut or changed: its checksum is another".into()));
    }
    let (length, rest) = rest.split_first().ok_or_else(cut)?;
    let (kind, rest) = rest.split_at_checked(usize::from(*length)).ok_or_else(cut)?;
    if kind != M::KIND.as_bytes() {
        return Err(refuse(format!("a model of the kind {}", M::KIND), format!("one of {}", String::from_utf8_lossy(kind))));
    }
    let (format, rest) = rest.split_first_chunk().ok_or_else(cut)?;
    let format = u16::from_le_bytes(*format);
    if format != M::FORMAT {
        return Err(refuse(format!("version {} of it", M::FORMAT), format!("version {format}; train it again")));
    }
    let content = rest.get(..rest.len().saturating_sub(CHECKSUM)).ok_or_else(cut)?;
    let (model, left) = postcard::take_from_bytes::<M>(content)
        .map_err(|error| refuse(format!("the content of {}", M::KIND), error.to_string()))?;
    if !left.is_empty() {
        return Err(refuse(format!("the content of {}", M::KIND), format!("{} bytes more", left.len())));
    }
    model.check()?;
    Ok(model)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Mean(f64);

    impl Model for Mean {
        const KIND: &'static str = "mean";
        const FORMAT: u16 = 1;

        fn check(&self) -> Result<()> {
            let refuse = || Error::ModelFile { expected: "a finite mean".into(), found: self.0.to_string() };
            if self.0.is_finite() { Ok(()) } else { Err(refuse()) }
        }
    }

    #[derive(Debug, Serialize, Deserialize)]
    struct Other(f64);

    impl Model for Other {
        const KIND: &'static str = "other";
        const FORMAT: u16 = 1;

        fn check(&self) -> Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_model_reads_back_and_is_written_alike_each_time() {
        let file = save(&Mean(0.1)).unwrap();
        assert_eq!(file, save(&Mean(0.1)).unwrap());
        assert_eq!(load::<Mean>(&file).unwrap(), Mean(0.1));
    }

    #[test]
    fn what_is_cut_changed_foreign_or_does_not_hold_is_refused() {
        let file = save(&Mean(0.1)).unwrap();
        for length in 0..file.len() {
            assert!(load::<Mean>(&file[..length]).is_err(), "{length}");
        }
        for place in 0..file.len() {
            let mut changed = file.clone();
            changed[place] ^= 1;
            assert!(load::<Mean>(&changed).is_err(), "{place}");
        }
        assert!(load::<Other>(&file).unwrap_err().to_string().contains("the kind other"));
        assert!(load::<Mean>(&save(&Mean(f64::NAN)).unwrap()).unwrap_err().to_string().contains("a finite mean"));
    }
}
