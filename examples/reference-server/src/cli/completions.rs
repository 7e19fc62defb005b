//! `completions` and `man`: made from the definition of the command line itself.

use std::fs;
use std::path::Path;

use clap::CommandFactory as _;
use clap_complete::{Generator as _, Shell};
use clap_mangen::Man;

use super::arguments::Arguments;
use super::failure::{Exit, Failure};
use super::output::Output;

/// Writes the completions for a shell.
pub(crate) fn completions(shell: Shell, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let mut command = Arguments::command();
    command.set_bin_name("dharmagraph");
    command.build();
    let mut script = Vec::new();
    shell.try_generate(&command, &mut script)?;
    output.bytes(&script)?;
    Ok(Exit::Done)
}

/// Writes the manual page; with a folder, one page for each command into it.
pub(crate) fn manual(folder: Option<&Path>, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let command = Arguments::command();
    let Some(folder) = folder else {
        let mut page = Vec::new();
        Man::new(command).render(&mut page)?;
        output.bytes(&page)?;
        return Ok(Exit::Done);
    };
    let failed = |error: &std::io::Error| Failure::file("write manual pages to", folder, error);
    fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    clap_mangen::generate_to(command, folder).map_err(|error| failed(&error))?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;
    use crate::cli::output::tests::written;

    #[test]
    fn every_shell_gets_completions_with_every_command() {
        for shell in Shell::value_variants() {
            let script = written(false, |output| {
                completions(*shell, output).unwrap();
                Ok(())
            });
            for command in Arguments::command().get_subcommands() {
                assert!(script.contains(command.get_name()), "{shell}: {}", command.get_name());
            }
        }
    }

    #[test]
    fn the_manual_tells_the_exit_statuses() {
        let page = written(false, |output| {
            manual(None, output).unwrap();
            Ok(())
        });
        assert!(page.contains("Exit status") && page.contains("discover"), "{page}");
    }

    #[test]
    fn a_folder_gets_a_page_for_each_command() {
        let folder = tempfile::tempdir().unwrap();
        written(false, |output| {
            manual(Some(folder.path()), output).unwrap();
            Ok(())
        });
        for page in ["dharmagraph.1", "dharmagraph-discover-aws.1", "dharmagraph-resources.1"] {
            assert!(folder.path().join(page).is_file(), "{page}");
        }
    }
}
