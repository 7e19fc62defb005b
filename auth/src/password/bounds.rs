//! How little and how much a password hash may cost.

/// The most memory of one argon2id hash, 256 MiB: four times what RFC 9106 section 4 gives to machines with little memory.
const MOST_MEMORY: u32 = 256 * 1024;

/// The most lanes.
const MOST_LANES: u32 = 16;

/// The most of memory times passes, 1 GiB: about two seconds of one core.
const MOST_WORK: u64 = 1024 * 1024;

/// The least of OWASP's settings in memory, and in memory times passes: 7 MiB, five times.
const LEAST_MEMORY: u32 = 7 * 1024;
const LEAST_WORK: u64 = 5 * LEAST_MEMORY as u64;

/// The costs of bcrypt that are read and written. A cost of 14 takes two to three seconds of one core.
const BCRYPT_COSTS: std::ops::RangeInclusive<u32> = 10..=14;

/// A parameter that is too little or too much, of a policy or of a stored hash.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OutOfBounds {
    pub(super) what: &'static str,
    pub(super) expected: &'static str,
    pub(super) found: u64,
}

/// Whether an argon2id hash may cost so much.
pub(super) fn check_argon2id(memory_kib: u32, passes: u32, lanes: u32) -> Result<(), OutOfBounds> {
    if !(1..=MOST_LANES).contains(&lanes) {
        return Err(OutOfBounds { what: "lanes (p)", expected: "1 to 16", found: lanes.into() });
    }
    // Eight blocks of a KiB for each lane are the least that the algorithm works with.
    if !(8 * lanes..=MOST_MEMORY).contains(&memory_kib) {
        return Err(OutOfBounds { what: "memory (m)", expected: "8 KiB for each lane to 262144 KiB", found: memory_kib.into() });
    }
    let work = u64::from(memory_kib) * u64::from(passes);
    if passes == 0 || work > MOST_WORK {
        return Err(OutOfBounds {
            what: "passes (t)",
            expected: "1 or more, with memory times passes at most 1048576 KiB",
            found: passes.into(),
        });
    }
    Ok(())
}

/// Whether an argon2id hash that may cost so much costs enough.
pub(super) fn check_argon2id_floor(memory_kib: u32, passes: u32) -> Result<(), OutOfBounds> {
    if memory_kib < LEAST_MEMORY {
        return Err(OutOfBounds { what: "memory (m)", expected: "at least 7168 KiB", found: memory_kib.into() });
    }
    let work = u64::from(memory_kib) * u64::from(passes);
    if work < LEAST_WORK {
        return Err(OutOfBounds { what: "memory times passes (m x t)", expected: "at least 35840 KiB", found: work });
    }
    Ok(())
}

/// Whether a bcrypt hash may cost so much, and costs enough.
pub(super) fn check_bcrypt(cost: u32) -> Result<(), OutOfBounds> {
    if BCRYPT_COSTS.contains(&cost) {
        Ok(())
    } else {
        Err(OutOfBounds { what: "cost", expected: "10 to 14", found: cost.into() })
    }
}
