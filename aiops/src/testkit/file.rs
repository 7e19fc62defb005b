//! What a [`Model`] promises of its file.

use super::{ok, refused};
use crate::error::Error;
use crate::model::{Model, load, save};

/// BLAKE3 of all before it ends the file.
const CHECKSUM: usize = 32;
/// Of a long file so many places at each end are tried, and as many evenly between them: each costs a look at the whole file.
const PLACES: usize = 40;

/// Every check; `ask` asks a model that was read anything, and may not panic.
pub fn every<M: Model>(model: &M, ask: impl Fn(&M)) {
    it_reads_back_and_is_written_alike(model);
    a_cut_one_is_refused(model);
    a_changed_one_is_refused(model);
    a_longer_one_is_refused(model);
    a_foreign_one_is_refused(model);
    another_version_is_refused(model);
    what_is_behind_the_checksum_is_refused_or_safe(model, ask);
}

/// A model reads back, and is written in the same bytes each time, also the one that was read.
pub fn it_reads_back_and_is_written_alike<M: Model>(model: &M) {
    let file = written(model);
    assert!(written(model) == file, "the same model is written in other bytes");
    let read: M = ok(load(&file), "a file as it was written");
    assert!(written(&read) == file, "the model that was read is written in other bytes");
}

/// A file that ends too early is refused.
pub fn a_cut_one_is_refused<M: Model>(model: &M) {
    let file = written(model);
    places(file.len()).for_each(|length| is_refused::<M>(&file[..length], &format!("a file cut to {length} bytes")));
}

/// A file with one bit changed anywhere is refused.
pub fn a_changed_one_is_refused<M: Model>(model: &M) {
    let mut file = written(model);
    for place in places(file.len()) {
        let bit = 1 << (place % 8);
        file[place] ^= bit;
        is_refused::<M>(&file, &format!("a file with another byte {place}"));
        file[place] ^= bit;
    }
}

/// A file with something behind its end, or behind its content, is refused.
pub fn a_longer_one_is_refused<M: Model>(model: &M) {
    let mut file = written(model);
    file.push(0);
    is_refused::<M>(&file, "a file with a byte more");
    let mut content = unsigned(model);
    content.push(0);
    is_refused::<M>(&signed(content), "a file with a byte more in its content");
}

/// A file of another kind is refused, and the error tells which kind was expected.
pub fn a_foreign_one_is_refused<M: Model>(model: &M) {
    let content = unsigned(model);
    let after = 11 + M::KIND.len();
    let foreign = [&content[..10], &[7], b"foreign".as_slice(), &content[after..]].concat();
    let error = refused(load::<M>(&signed(foreign)), "a file of another kind");
    assert!(error.to_string().contains(M::KIND) && error.to_string().contains("foreign"), "the kinds are not told: {error}");
    for other in [b"".as_slice(), b"DHGMODEL", b"PK\x03\x04", b"{\"model\": 1}", &[0; 4096]] {
        is_refused::<M>(other, "a file of something else");
    }
}

/// A file of another version, of the content or of the layout, is refused, and the error tells which it is.
pub fn another_version_is_refused<M: Model>(model: &M) {
    for (place, version) in [(8, 2), (11 + M::KIND.len(), M::FORMAT.wrapping_add(1))] {
        let mut content = unsigned(model);
        content[place..place + 2].copy_from_slice(&version.to_le_bytes());
        let error = refused(load::<M>(&signed(content)), "a file of another version");
        assert!(error.to_string().contains(&version.to_string()), "the version is not told: {error}");
    }
}

/// A content that somebody changed, with its checksum put right, is refused, or a model that can be asked and written.
pub fn what_is_behind_the_checksum_is_refused_or_safe<M: Model>(model: &M, ask: impl Fn(&M)) {
    let content = unsigned(model);
    let from = 13 + M::KIND.len();
    for place in places(content.len() - from) {
        for change in [1, 0x80, 0xff] {
            let mut changed = content.clone();
            changed[from + place] ^= change;
            match load::<M>(&signed(changed)) {
                Ok(read) => {
                    ask(&read);
                    let again = written(&read);
                    ok(load::<M>(&again), "what a model that was read was written as");
                }
                Err(error) => assert!(matches!(error, Error::ModelFile { .. }), "a damaged content is refused as {error:?}"),
            }
        }
    }
}

fn written<M: Model>(model: &M) -> Vec<u8> {
    ok(save(model), "a model")
}

/// The file without its checksum.
fn unsigned<M: Model>(model: &M) -> Vec<u8> {
    let mut file = written(model);
    file.truncate(file.len() - CHECKSUM);
    file
}

/// With a checksum that is right.
fn signed(mut content: Vec<u8>) -> Vec<u8> {
    let checksum = blake3::hash(&content);
    content.extend(checksum.as_bytes());
    content
}

#[track_caller]
fn is_refused<M: Model>(file: &[u8], what: &str) {
    let error = refused::<M>(load(file), what);
    assert!(matches!(error, Error::ModelFile { .. }), "{what} is refused as {error:?}, not as a model file");
}

/// Places below a length, ascending.
fn places(length: usize) -> impl Iterator<Item = usize> {
    let between = length.saturating_sub(2 * PLACES).div_ceil(PLACES).max(1);
    (0..length).filter(move |place| *place < PLACES || length - place <= PLACES || place % between == 0)
}
