//! What [`Online`] promises.

use std::fmt::Debug;

use super::{finite, ok, refused};
use crate::data::Table;
use crate::error::Error;
use crate::model::Online;

/// How many observations the state may grow for; after so many more it has the same bounds.
const LONG: usize = 4096;

/// Every check, with observations in their order.
pub fn every<O: Online>(online: &O, observations: &Table)
where
    O::Answer: Debug,
{
    a_state_that_was_read_goes_on_as_if_unbroken(online, observations);
    the_state_is_bounded(online, observations);
    no_number_is_infinite_or_none(online, observations);
    what_is_refused_leaves_the_state_as_it_was(online, observations);
}

/// A state that is written and read back at any time goes on with the same answers, to the bit.
pub fn a_state_that_was_read_goes_on_as_if_unbroken<O: Online>(online: &O, observations: &Table)
where
    O::Answer: Debug,
{
    let (mut unbroken, mut restored) = (online.begin(), online.begin());
    for (place, values) in observations.iter().enumerate() {
        let expected = ok(online.observe(&mut unbroken, values), "an observation");
        restored = read(&written(&restored));
        let found = ok(online.observe(&mut restored, values), "an observation");
        assert_eq!(format!("{expected:?}"), format!("{found:?}"), "observation {} is answered otherwise", place + 1);
    }
    assert!(written(&unbroken) == written(&restored), "the state that was read back is another one");
}

/// The state does not grow with what was seen.
pub fn the_state_is_bounded<O: Online>(online: &O, observations: &Table) {
    let mut state = online.begin();
    let mut feed = |count: usize| {
        observations.iter().cycle().take(count).for_each(|values| drop(ok(online.observe(&mut state, values), "an observation")));
        written(&state).len()
    };
    let (once, twice) = (feed(LONG), feed(LONG));
    // Counters and the exponents of numbers are written in more or fewer bytes.
    assert!(twice <= once + once / 4 + 64, "the state grew from {once} to {twice} bytes");
}

/// Missing and absurd values are answered with finite numbers, and so is what comes after them.
pub fn no_number_is_infinite_or_none<O: Online>(online: &O, observations: &Table)
where
    O::Answer: Debug,
{
    let columns = observations.columns();
    let odd = [f64::NAN, f64::MAX, f64::MIN, 0.0, 5e-324, -0.0, f64::MAX, f64::NAN, 1e-200, f64::MIN];
    let mut state = online.begin();
    for number in odd {
        let values: Vec<f64> = (0..columns).map(|column| if column % 3 == 2 { -number } else { number }).collect();
        finite(&ok(online.observe(&mut state, &values), "an absurd observation"), &format!("{values:?}"));
    }
    for values in observations.iter().take(100) {
        finite(&ok(online.observe(&mut state, values), "an observation"), "what came after absurd observations");
    }
}

/// Another number of values and an infinite one are refused as data, and nothing of them is remembered.
pub fn what_is_refused_leaves_the_state_as_it_was<O: Online>(online: &O, observations: &Table) {
    let mut state = online.begin();
    observations.iter().take(50).for_each(|values| drop(ok(online.observe(&mut state, values), "an observation")));
    let before = written(&state);
    let columns = observations.columns();
    let mut infinite = vec![1.0; columns];
    infinite[columns - 1] = f64::INFINITY;
    let mut other = vec![1.0; columns];
    other[0] = f64::NEG_INFINITY;
    for values in [vec![1.0; columns + 1], vec![1.0; columns - 1], Vec::new(), infinite, other] {
        let error = refused(online.observe(&mut state, &values), "another number of values, or an infinite one,");
        assert!(matches!(error, Error::Data { .. }), "{values:?} is refused as {error:?}, not as data");
    }
    assert!(written(&state) == before, "what was refused is remembered");
}

fn written<S: serde::Serialize>(state: &S) -> Vec<u8> {
    postcard::to_extend(state, Vec::new()).unwrap_or_else(|error| panic!("a state cannot be written: {error}"))
}

fn read<S: serde::de::DeserializeOwned>(state: &[u8]) -> S {
    postcard::from_bytes(state).unwrap_or_else(|error| panic!("a state that was written cannot be read: {error}"))
}
