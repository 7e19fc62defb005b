//! What a person is told when a command cannot do its work.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use dharmagraph_cmdb::{Error, ErrorKind};

use super::screen::printable;

/// How a command ended; the process's exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All was done.
    Done,
    /// Nothing was done, or what was done is not what was asked.
    Failed,
    /// The command line, or a value in it, cannot be used.
    Usage,
    /// A discovery could list only a part.
    Partial,
    /// The person stopped it.
    Interrupted,
}

impl Exit {
    /// The status that the shell sees.
    pub(crate) const fn status(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Partial => 3,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.status())
    }
}

/// Why a command could not do its work: what happened and, where there is something, what to do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    message: String,
    advice: Option<String>,
}

impl Failure {
    /// A failure that says what happened.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, message: message.into(), advice: None }
    }

    /// A value that the person gave and that cannot be used.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, ..Self::new(message) }
    }

    /// The same, with what to do about it.
    pub(crate) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// The same, for a file or folder that could not be read or written.
    pub(crate) fn file(what: &str, path: &std::path::Path, error: &io::Error) -> Self {
        let message = format!("cannot {what} {}: {}", path.display(), plain(error));
        if error.kind() == io::ErrorKind::NotFound {
            return Self::usage(message);
        }
        Self::new(message)
    }

    /// The exit status that it stands for.
    pub(crate) const fn exit(&self) -> Exit {
        self.exit
    }

    /// Writes it in one or two lines; nothing at all where the reader of the answer went away.
    pub(crate) fn write(&self, writer: &mut dyn Write, color: bool) -> io::Result<()> {
        if self.message.is_empty() {
            return Ok(());
        }
        let (red, reset) = if color { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
        writeln!(writer, "{red}error:{reset} {}", printable(&self.message))?;
        match &self.advice {
            Some(advice) => writeln!(writer, "{:>6} {}", "hint:", printable(advice)),
            None => Ok(()),
        }
    }
}

/// An operating system's error without its number.
pub(crate) fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}

/// The deepest cause of an error: the one sentence that says what really happened.
pub(crate) fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.downcast_ref::<io::Error>().map_or_else(|| cause.to_string(), plain)
}

/// A failure of the answer's own writing. A reader that went away is the end of the command and nothing to speak of.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self { exit: Exit::Done, message: String::new(), advice: None };
        }
        Self::new(format!("cannot write the answer: {}", plain(&error)))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::coded(error.code(), &error)
    }
}

impl Failure {
    /// A failure whose text comes from a library or a server, with the advice that fits its code.
    pub(crate) fn coded(code: &str, message: &dyn Display) -> Self {
        let failure = Self::new(message.to_string());
        let is = |kind: ErrorKind| code == kind.code();
        if is(ErrorKind::Invalid) {
            return Self { exit: Exit::Usage, ..failure };
        }
        let resource = failure.message.starts_with("resource ");
        if is(ErrorKind::NotFound) && resource {
            return failure.advise("`dharmagraph resources -q TEXT` searches ids, names, ARNs and tags");
        }
        if is(ErrorKind::NotFound) && failure.message.starts_with("task ") {
            return failure.advise("`dharmagraph tasks` lists the discoveries");
        }
        failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(failure: &Failure) -> String {
        let mut text = Vec::new();
        failure.write(&mut text, false).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn every_outcome_has_its_own_exit_status() {
        let all = [Exit::Done, Exit::Failed, Exit::Usage, Exit::Partial, Exit::Interrupted];
        assert_eq!(all.map(Exit::status), [0, 1, 2, 3, 130]);
    }

    #[test]
    fn an_unknown_resource_comes_with_a_way_to_find_it() {
        let failure = Failure::from(Error::NotFound { what: "resource", id: "web".into() });
        assert_eq!(
            shown(&failure),
            "error: resource `web` was not found\n hint: `dharmagraph resources -q TEXT` searches ids, names, ARNs and tags\n"
        );
        assert_eq!(failure.exit(), Exit::Failed);
    }

    #[test]
    fn a_value_that_cannot_be_used_is_a_usage_error() {
        let failure = Failure::from(Error::invalid("region", "a name such as us-east-1", "`mars`"));
        assert_eq!(failure.exit(), Exit::Usage);
        assert_eq!(shown(&failure), "error: invalid region: expected a name such as us-east-1, found `mars`\n");
    }

    #[test]
    fn a_reader_that_went_away_is_no_failure() {
        let failure = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!((failure.exit(), shown(&failure)), (Exit::Done, String::new()));
    }

    #[test]
    fn a_missing_file_is_named_without_numbers() {
        let error = io::Error::from_raw_os_error(2);
        let failure = Failure::file("read", std::path::Path::new("a.tfstate"), &error);
        assert_eq!(shown(&failure), "error: cannot read a.tfstate: no such file or directory\n");
    }

    #[test]
    fn what_a_server_says_cannot_steer_the_terminal() {
        assert_eq!(shown(&Failure::new("\u{1b}[2Jgone\nerror: fake")), "error: \\u{1b}[2Jgone\\nerror: fake\n");
    }
}
