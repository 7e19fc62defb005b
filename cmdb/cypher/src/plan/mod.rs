//! From tree to operators.
