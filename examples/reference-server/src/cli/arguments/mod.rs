//! What may be typed.

mod discovery;
mod place;
mod queries;
mod time;
mod values;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ColorChoice, Parser, Subcommand};
use clap_complete::Shell;
use dharmagraph_auth::audit::ChainHead;
use dharmagraph_cmdb::Timestamp;
use dharmagraph_reference_server::config::{Profile, StoreKind};
use reqwest::Url;

pub(crate) use super::evaluate::Evaluation;
pub(crate) use super::predict::Prediction;
pub(crate) use super::train::Training;
pub(crate) use discovery::Source;
pub(crate) use place::Place;
pub(crate) use queries::{ChangesQuery, CypherQuery, GraphQuery, GraphText, ImpactQuery, ResourcesQuery, TasksQuery};

const EXIT_STATUS: &str = "\
Exit status:
  0    done
  1    failed
  2    the command line, or a value in it, cannot be used
  3    a discovery could list only a part; the rest is stored, `errors` names what is missing
  130  stopped by the person";

/// Discover infrastructure, keep it as a graph with its history, and ask it.
#[derive(Debug, Parser)]
#[command(name = "dharmagraph", version, max_term_width = 100, after_long_help = EXIT_STATUS)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the graph is and how answers look; may stand before or after the command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// Configuration file (TOML).
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Data directory, in place of the configured one.
    #[arg(long, global = true, value_name = "DIR", env = "DHARMAGRAPH_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// What keeps the graph, in place of the configured store; NEO4J_URI, NEO4J_USER and NEO4J_PASSWORD say where Neo4j is.
    #[arg(long, global = true, value_enum, value_name = "STORE")]
    pub(crate) store: Option<StoreKind>,
    /// Ask this server instead of opening the data directory, for instance http://127.0.0.1:8200. Without it, a server
    /// that has the data directory open is found by itself. DHARMAGRAPH_TOKEN or DHARMAGRAPH_API_KEY is sent along.
    #[arg(long, global = true, value_name = "URL", env = "DHARMAGRAPH_SERVER", value_parser = values::server)]
    pub(crate) server: Option<Url>,
    /// Answer in JSON, for programs.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// When to use colours.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
}

/// One command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the REST API until Ctrl-C.
    Serve(Serve),
    /// Find out what exists and bring the graph to it.
    Discover {
        #[command(subcommand)]
        source: Source,
    },
    #[command(flatten)]
    Ask(Question),
    /// Copy everything, history included, from one store into another, which must be empty.
    Copy(Places),
    /// Look after the audit trail.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Look after accounts and their keys.
    Auth {
        #[command(subcommand)]
        command: AuthCommand,
    },
    /// Train a model on the rows of a CSV file.
    Train(Box<Training>),
    /// Tell what a model says of the rows of a CSV file, as CSV.
    Predict(Prediction),
    /// Measure the models on data sets; fails where one is below its floor.
    Evaluate(Evaluation),
    /// Print the completions for a shell.
    Completions {
        /// Which shell.
        shell: Shell,
    },
    /// Print the manual page, or write one for each command.
    Man {
        /// To this folder.
        #[arg(long, short, value_name = "DIR")]
        output: Option<PathBuf>,
    },
}

/// What can be done with the audit trail.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Tell whether the audit trail is as it was written; the exit status is 1 where it is not.
    ///
    /// A running server is not disturbed.
    Verify {
        /// The head that was noted at an earlier time, so that a trail that was cut off at its end shows, too.
        #[arg(long, value_name = "PLACE:HASH")]
        expect: Option<ChainHead>,
    },
}

/// What can be done with accounts and their keys.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum AuthCommand {
    /// Have another key sign tokens from now on, for instance because the one so far may have become known.
    RotateKeys,
}

/// One question to the graph.
#[derive(Debug, Subcommand)]
pub(crate) enum Question {
    /// List resources, or show one.
    Resources(Box<ResourcesQuery>),
    /// Draw what a resource is tied to.
    Graph(GraphQuery),
    /// Tell who would feel it if a resource failed.
    Impact(ImpactQuery),
    /// Tell what was created, changed and removed.
    Changes(ChangesQuery),
    /// Count resources and relationships.
    Stats {
        /// As it was then: RFC 3339, a date, or an age such as 90m, 24h or 7d.
        #[arg(long, value_name = "TIME", value_parser = time::moment)]
        as_of: Option<Timestamp>,
    },
    /// Ask in Cypher; the answer is read only.
    Query(CypherQuery),
    /// List discoveries, newest first, or show one.
    Tasks(TasksQuery),
    /// Write everything, history included, as JSON lines.
    Export {
        /// To this file; to standard output where it is not given.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// How to serve.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Address and port, for instance 127.0.0.1:8200; may be given more than once. Only these, not the configured ones.
    #[arg(long, value_name = "ADDR", value_parser = values::address)]
    pub(crate) listen: Vec<SocketAddr>,
    /// For whom, in place of the configured profile: development leaves the inventory open to everybody on this machine,
    /// production asks for a token or an API key on every route.
    #[arg(long, value_enum, value_name = "PROFILE")]
    pub(crate) profile: Option<Profile>,
}

const PLACES: &str = "\
Places:
  DIR, embedded:DIR         the embedded store of a data directory; nobody else may have it open
  neo4j                     the configured Neo4j: NEO4J_URI, NEO4J_USER and NEO4J_PASSWORD say which
  bolt://HOST:PORT          Neo4j there, as the same user
  FILE.jsonl, -             an export: a file, or standard input and output

A data directory's external-id.key is not part of its store: copy that file too where roles trust it.";

/// From where to where.
#[derive(Debug, Args)]
#[command(after_help = PLACES)]
pub(crate) struct Places {
    /// Where everything is.
    #[arg(long, value_name = "PLACE", value_parser = place::place)]
    pub(crate) from: Place,
    /// Where it is to go; a data directory is made where there is none.
    #[arg(long, value_name = "PLACE", value_parser = place::place)]
    pub(crate) to: Place,
}

#[cfg(test)]
pub(crate) mod tests {
    use clap::CommandFactory as _;
    use clap::error::ErrorKind;

    use super::*;

    /// What `line`, without the program's name, is understood as.
    pub(crate) fn parse(line: &str) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(std::iter::once("dharmagraph").chain(line.split_whitespace()))
    }

    #[test]
    fn the_definition_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn options_for_everything_stand_before_or_after_the_command() {
        for line in ["--json --store neo4j --data-dir /d stats", "stats --json --data-dir /d --store neo4j"] {
            let global = parse(line).unwrap().global;
            assert!(global.json);
            assert_eq!(global.store, Some(StoreKind::Neo4j));
            assert_eq!(global.data_dir, Some(PathBuf::from("/d")));
        }
    }

    #[test]
    fn serve_takes_several_addresses() {
        let Command::Serve(serve) = parse("serve --listen 127.0.0.1:1 --listen [::1]:2").unwrap().command else { panic!() };
        assert_eq!(serve.listen, ["127.0.0.1:1".parse().unwrap(), "[::1]:2".parse().unwrap()]);
    }

    #[test]
    fn the_ends_of_an_audit_trail_are_read_as_they_are_shown() {
        let head = format!("17:{}", "0a".repeat(32));
        let Command::Audit { command } = parse(&format!("audit verify --expect {head}")).unwrap().command else { panic!() };
        let AuditCommand::Verify { expect } = command;
        assert_eq!(expect.unwrap().to_string(), head);
    }

    #[test]
    fn what_is_typed_wrong_is_refused_with_what_was_expected() {
        for (line, expected) in [
            ("serve --listen 8200", "127.0.0.1:8200"),
            ("serve --listen localhost:8200", "127.0.0.1:8200"),
            ("serve --profile staging", "development, production"),
            ("audit verify --expect 17", "64 hexadecimal digits"),
            ("auth", "rotate-keys"),
            ("stats --server localhost:8200", "http://"),
            ("stats --server ftp://a", "http://"),
            ("stats --server http://me:secret@a", "user name"),
            ("stats --as-of yesterday", "2025-01-18"),
            ("stats --color sometimes", "auto"),
            ("stats --store neo5j", "embedded, neo4j"),
            ("discover aws --region mars", "us-east-1"),
            ("discover aws --region US-EAST-1", "us-east-1"),
            ("discover aws --region us-east-1 --profile p --web-identity", "cannot be used with"),
            ("discover aws --region us-east-1 --assume-role admin", "arn:aws:iam::"),
            ("discover terraform", "<FILE>"),
            ("discover azure", "unrecognized"),
            ("resources --tag Environment", "KEY=VALUE"),
            ("resources --tag =production", "KEY=VALUE"),
            ("resources --type COMPUT", "COMPUTE"),
            ("resources --status runing", "RUNNING"),
            ("resources --provider amazon", "aws"),
            ("resources --limit 0", "0 is not in"),
            ("resources --limit many", "invalid digit"),
            ("resources --limit 5 --all", "cannot be used with"),
            ("resources i-1 --type COMPUTE", "cannot be used with"),
            ("graph", "<ID>"),
            ("graph i-1 --depth 11", "0..=10"),
            ("graph i-1 --direction up", "incoming"),
            ("graph i-1 --format png", "mermaid"),
            ("impact", "<ID>"),
            ("impact ..", "an id"),
            ("changes --from 12:30", "2025-01-18"),
            ("copy --from data", "--to"),
            ("copy --from data --to http://127.0.0.1:8200", "bolt://"),
            ("copy --from bolt://me:secret@graph --to data", "NEO4J_PASSWORD"),
            ("completions tcsh", "bash"),
            ("resource", "resources"),
        ] {
            let error = parse(line).expect_err(line);
            assert_eq!(error.exit_code(), 2, "{line}");
            assert!(error.to_string().contains(expected), "{line}: {error}");
        }
    }

    #[test]
    fn nothing_typed_shows_the_help() {
        assert_eq!(parse("").unwrap_err().kind(), ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand);
        assert_eq!(parse("--version").unwrap_err().kind(), ErrorKind::DisplayVersion);
    }

    #[test]
    fn a_password_in_a_server_address_is_not_repeated() {
        // The command line's parser quotes the value itself; our own words must not.
        assert!(!values::server("http://me:hunter2@a").unwrap_err().contains("hunter2"));
    }
}
