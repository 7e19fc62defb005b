//! Reading a configuration from a file and the environment.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use config::{Config, File, FileFormat, Value, ValueKind};

use super::keys::{KEYS, TABLES};
use super::variables::Variables;
use super::{Configuration, ConfigurationError};

pub(super) fn load(
    file: Option<&Path>,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Configuration, ConfigurationError> {
    let mut builder = Config::builder();
    if let Some(path) = file {
        let read = |source| ConfigurationError::Read { path: path.to_owned(), source };
        fs::metadata(path).map_err(read)?;
        builder = builder.add_source(File::from(path).format(FileFormat::Toml));
    }
    let read = builder.add_source(Variables::read(variables)?).build();
    let read = read.map_err(|error| ConfigurationError::from_reader(error, |_| file.map(|file| file.display().to_string())))?;
    check_keys("", &read.cache)?;
    let origins = read.clone();
    let configuration: Configuration =
        read.try_deserialize().map_err(|error| ConfigurationError::from_reader(error, |key| origin_of(&origins, key)))?;
    configuration.check().map_err(|error| error.found_in(|key| origin_of(&origins, key)))?;
    Ok(configuration)
}

/// Refuses keys that do not exist.
fn check_keys(path: &str, value: &Value) -> Result<(), ConfigurationError> {
    if KEYS.iter().any(|key| key.path == path) {
        let members = TABLES.iter().find(|(tables, _)| *tables == path);
        return members.map_or(Ok(()), |(_, members)| check_tables(path, members, value));
    }
    let ValueKind::Table(members) = &value.kind else {
        let found = "a value";
        return Err(ConfigurationError::invalid(origin(value), path, "a table", found));
    };
    let prefix = if path.is_empty() { String::new() } else { format!("{path}.") };
    let mut names: Vec<&String> = members.keys().collect();
    names.sort();
    for name in names {
        let (key, member) = (format!("{prefix}{name}"), &members[name]);
        let inside = format!("{key}.");
        if !KEYS.iter().any(|known| known.path == key || known.path.starts_with(&inside)) {
            return Err(ConfigurationError::UnknownKey { origin: origin(member), key, expected: expected_below(&prefix) });
        }
        check_keys(&key, member)?;
    }
    Ok(())
}

fn expected_below(prefix: &str) -> Vec<String> {
    let mut expected: Vec<String> = Vec::new();
    for name in KEYS.iter().filter_map(|key| key.path.strip_prefix(prefix)).filter_map(|rest| rest.split('.').next()) {
        if expected.last().is_none_or(|last| last != name) {
            expected.push(name.to_owned());
        }
    }
    expected
}

fn check_tables(path: &str, known: &[&str], value: &Value) -> Result<(), ConfigurationError> {
    let ValueKind::Array(tables) = &value.kind else { return Ok(()) };
    for (index, table) in tables.iter().enumerate() {
        let ValueKind::Table(members) = &table.kind else { continue };
        let mut unknown: Vec<&String> = members.keys().filter(|name| !known.contains(&name.as_str())).collect();
        unknown.sort();
        if let Some(name) = unknown.first() {
            let expected = known.iter().map(|name| (*name).to_owned()).collect();
            let key = format!("{path}[{index}].{name}");
            return Err(ConfigurationError::UnknownKey { origin: origin(&members[*name]), key, expected });
        }
    }
    Ok(())
}

fn origin(value: &Value) -> String {
    value.origin().map_or_else(|| "the configuration".to_owned(), str::to_owned)
}

/// Where the key, or the nearest one around it, was set.
fn origin_of(read: &Config, key: &str) -> Option<String> {
    let mut value = &read.cache;
    let mut nearest = None;
    for step in key.split(['.', '[']) {
        let inside = match &value.kind {
            ValueKind::Table(members) => members.get(step),
            ValueKind::Array(items) => step.trim_end_matches(']').parse().ok().and_then(|index: usize| items.get(index)),
            _ => None,
        };
        let Some(inside) = inside else { break };
        nearest = inside.origin().or(nearest);
        value = inside;
    }
    nearest.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use dharmagraph_cmdb::Provider;
    use dharmagraph_cmdb::sync::Credentials;

    use super::super::{AuthStoreKind, LogFormat, Profile, StoreKind, TokenLifetimes};
    use super::*;

    fn read(text: &str, variables: &[(&str, &str)]) -> Result<Configuration, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("server.toml");
        fs::write(&path, text).unwrap();
        let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        load(Some(&path), variables).map_err(|error| error.to_string())
    }

    fn refusal(text: &str, variables: &[(&str, &str)]) -> String {
        read(text, variables).unwrap_err()
    }

    #[test]
    fn nothing_set_gives_the_defaults() {
        assert_eq!(read("", &[("PATH", "/bin")]).unwrap(), Configuration::default());
    }

    #[test]
    fn the_example_file_can_be_read() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("dharmagraph.toml");
        let configuration = load(Some(&path), []).unwrap();
        assert_eq!(configuration.discover.len(), 2);
        assert_eq!(configuration.discover[0].provider, Provider::AWS);
        assert_eq!(configuration.discover[1].every.to_string(), "15m");
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let text = "listen = ['127.0.0.1:1']\n[aws]\ninline_keys = true\nconcurrency = 4\n[log]\nformat = 'json'";
        let variables = [
            ("DHARMAGRAPH_LISTEN", "127.0.0.1:0, [::1]:0"),
            ("DHARMAGRAPH_AWS__INLINE_KEYS", "false"),
            ("DHARMAGRAPH_SYNC__GUARD__SHARE", "0.25"),
            ("DHARMAGRAPH_LOG__FORMAT", "text"),
            ("DHARMAGRAPH_TERRAFORM__FOLDERS", "/states,/more"),
            ("DHARMAGRAPH_DATA_DIR", "for the command line"),
            ("DHARMAGRAPH_BIN", "for somebody else"),
        ];
        let configuration = read(text, &variables).unwrap();
        assert_eq!(configuration.listen.len(), 2);
        assert_eq!(configuration.aws.inline_keys, Some(false));
        assert_eq!(configuration.aws.concurrency, 4);
        assert_eq!(configuration.sync.guard.share, 0.25);
        assert_eq!(configuration.sync.guard.minimum, 20);
        assert_eq!(configuration.log.format, LogFormat::Text);
        assert_eq!(configuration.terraform.folders, [PathBuf::from("/states"), PathBuf::from("/more")]);
    }

    #[test]
    fn the_aws_endpoint_is_taken_from_the_variable_of_the_sdks_too() {
        let endpoint = |text, variables: &[_]| read(text, variables).unwrap().aws.endpoint_url.unwrap();
        let theirs = ("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
        let ours = ("DHARMAGRAPH_AWS__ENDPOINT_URL", "http://127.0.0.1:2");
        assert_eq!(endpoint("[aws]\nendpoint_url = 'http://127.0.0.1:3'", &[theirs]), theirs.1);
        assert_eq!(endpoint("", &[ours, theirs]), ours.1);
    }

    #[test]
    fn a_neo4j_is_taken_from_its_usual_variables_too() {
        let usual = [("NEO4J_URI", "neo4j+s://graph:7687"), ("NEO4J_USER", "writer"), ("NEO4J_PASSWORD", "hunter2")];
        let configuration = read("store = 'neo4j'\n[neo4j]\nuri = 'bolt://other'", &usual).unwrap();
        assert_eq!(configuration.store, StoreKind::Neo4j);
        let neo4j = &configuration.neo4j;
        assert_eq!((neo4j.uri.as_str(), neo4j.user.as_str()), ("neo4j+s://graph:7687", "writer"));
        assert_eq!(neo4j.password().unwrap().expose(), "hunter2");
        assert!(!format!("{configuration:?}").contains("hunter2"));
        let ours = read("", &[usual[0], ("DHARMAGRAPH_NEO4J__URI", "bolt://ours"), ("DHARMAGRAPH_STORE", "neo4j")]).unwrap();
        assert_eq!((ours.neo4j.uri.as_str(), ours.store), ("bolt://ours", StoreKind::Neo4j));
        let missing = ours.neo4j.password().unwrap_err().to_string();
        assert!(missing.contains("NEO4J_PASSWORD"), "{missing}");
    }

    #[test]
    fn what_is_wrong_with_a_neo4j_is_told_without_its_password() {
        for text in ["uri = 'bolt://neo4j:hunter2@host'", "password = ['hunter2']", "password = { is = 'hunter2' }"] {
            let error = refusal(&format!("store = 'neo4j'\n[neo4j]\n{text}"), &[]);
            assert!(error.contains("neo4j.") && !error.contains("hunter2"), "{error}");
        }
        let theirs = ("NEO4J_URI", "http://localhost:7474");
        assert!(read("", &[theirs]).is_ok(), "nobody asked for Neo4j");
        let error = refusal("store = 'neo4j'", &[theirs]);
        assert!(error.contains("the environment variable NEO4J_URI") && error.contains("bolt+s"), "{error}");
    }

    #[test]
    fn unknown_keys_are_refused_by_name_and_place() {
        let error = refusal("[aws]\ninline_key = false", &[]);
        assert!(error.contains("`aws.inline_key`") && error.contains("server.toml") && error.contains("inline_keys"), "{error}");
        let error = refusal("liste = []", &[]);
        assert!(error.contains("`liste`") && error.contains("store, listen, neo4j, auth, aws, terraform"), "{error}");
        let error = refusal("", &[("DHARMAGRAPH_AWS__INLINE_KEY", "false")]);
        assert!(error.contains("DHARMAGRAPH_AWS__INLINE_KEY`"), "{error}");
        let error = refusal("[[discover]]\nevery = '6h'\nprovider = 'aws'\nregion = 'us-east-1'", &[]);
        assert!(error.contains("`discover[0].region`") && error.contains("regions"), "{error}");
    }

    #[test]
    fn a_value_that_cannot_be_used_is_told_with_source_key_expected_and_found() {
        let cases = [
            ("[aws]\nconcurrency = 'many'", "aws.concurrency", "many"),
            ("[aws]\nconcurrency = 0", "aws.concurrency", "1 to 1000"),
            ("[sync.guard]\nshare = 2.0", "sync.guard.share", "0 to 1"),
            ("[history]\nretention_days = 0", "history.retention_days", "at least 1"),
            ("listen = ['localhost']", "listen", "socket address"),
            ("listen = []", "listen", "at least one"),
            ("aws = 3", "aws", "a table"),
            ("[log]\nformat = 'xml'", "log.format", "xml"),
            ("store = 'neo5j'", "store", "neo5j"),
            ("store = 'neo4j'\n[neo4j]\nuri = 'localhost'", "neo4j.uri", "bolt://"),
            ("profile = 'staging'", "profile", "staging"),
            ("[auth]\ntries = 0", "auth.tries", "1 to 1000"),
            ("[auth]\ntrusted_proxies = ['proxy']", "auth.trusted_proxies", "IP address"),
            ("[[auth.roles]]\nname = 'a b'", "auth.roles[0].name", "a letter"),
            ("[[auth.roles]]\nname = 'a'\npermissions = ['cmdb']", "auth.roles[0].permissions", "cmdb:read"),
            ("[[auth.roles]]\nname = 'a'\npermission = []", "auth.roles[0].permission", "permissions"),
            ("[[discover]]\nevery = 'daily'\nprovider = 'aws'", "discover[0].every", "`daily`"),
            ("[[discover]]\nevery = '6h'\nprovider = 'azure'", "discover[0].provider", "aws or terraform"),
            ("[[discover]]\nevery = '6h'\nprovider = 'aws'", "discover[0].credentials", "source"),
        ];
        for (text, key, told) in cases {
            let error = refusal(text, &[]);
            assert!(error.contains(key) && error.contains(told), "{text}: {error}");
        }
        let error = refusal("[aws]\nconcurrency = 0\n[[discover]]\nevery = '6h'\nprovider = 'aws'", &[]);
        assert!(error.contains("server.toml"), "{error}");
        let error = refusal("", &[("DHARMAGRAPH_AWS__CONCURRENCY", "many")]);
        assert!(error.contains("the environment variable DHARMAGRAPH_AWS__CONCURRENCY"), "{error}");
        assert!(error.contains("`aws.concurrency`") && error.contains("\"many\""), "{error}");
    }

    #[test]
    fn production_and_its_accounts_are_read_from_file_and_environment() {
        let text =
            "profile = 'production'\n[auth]\ntokens = 'strict'\n[[auth.roles]]\nname = 'auditor'\npermissions = ['audit:read']";
        let variables = [
            ("DHARMAGRAPH_AUTH__STORE", "postgres"),
            ("DHARMAGRAPH_AUTH__POSTGRES_URL", "postgres://server:hunter3@db/auth"),
            ("DHARMAGRAPH_AUTH__MASTER_KEY_FILE", "/run/secrets/key"),
            ("DHARMAGRAPH_AUTH__TRUSTED_PROXIES", "10.0.0.1, ::1"),
            ("DHARMAGRAPH_TOKEN", "for the command line"),
            ("DHARMAGRAPH_API_KEY", "for the command line"),
        ];
        let configuration = read(text, &variables).unwrap();
        assert_eq!((configuration.profile, configuration.auth.tokens), (Profile::Production, TokenLifetimes::Strict));
        assert_eq!(configuration.auth.store, AuthStoreKind::Postgres);
        assert_eq!(configuration.auth.trusted_proxies.len(), 2);
        assert_eq!(configuration.auth.roles[0].name.as_str(), "auditor");
        assert!(!configuration.allows_signup() && !configuration.allows_inline_keys());
        assert!(!format!("{configuration:?}").contains("hunter3"));
        assert!(read("", &[]).unwrap().allows_inline_keys());
    }

    #[test]
    fn what_production_does_not_go_with_is_refused() {
        for (text, key) in [
            ("[aws]\ninline_keys = true", "aws.inline_keys"),
            ("store = 'neo4j'\n[neo4j]\npassword = 'neo4j123'", "neo4j.password"),
            ("[auth]\nstore = 'postgres'\npostgres_url = 'postgres://a:postgres@db/a'\nmaster_key = 'k'", "auth.postgres_url"),
            ("[auth]\nstore = 'postgres'\npostgres_url = 'postgres://a:Xd82-qq@db/a'", "auth.master_key_file"),
        ] {
            assert!(read(text, &[]).is_ok(), "{text}");
            let error = refusal(text, &[("DHARMAGRAPH_PROFILE", "production")]);
            assert!(error.contains(key) && !error.contains("neo4j123"), "{error}");
        }
    }

    #[test]
    fn a_file_that_is_missing_or_not_toml_is_named() {
        let error = load(Some(Path::new("/no/such/file.toml")), []).unwrap_err().to_string();
        assert!(error.contains("/no/such/file.toml"), "{error}");
        let error = refusal("listen = [", &[]);
        assert!(error.contains("server.toml"), "{error}");
    }

    #[test]
    fn scheduled_discoveries_take_every_source_of_credentials_but_keys() {
        let text = "[[discover]]\nevery = '6h'\nprovider = 'aws'\ncredentials = { source = 'profile', profile = 'audit' }";
        let configuration = read(text, &[]).unwrap();
        let request = configuration.discover[0].request();
        assert_eq!(request.credentials, Some(Credentials::Profile { profile: "audit".into() }));
        let text = "[[discover]]\nevery = '6h'\nprovider = 'aws'\ncredentials = { source = 'inline' }";
        assert!(refusal(text, &[]).contains("holds no keys"));
        let keys = "credentials = { access_key = 'AKIA1', secret_key = 'hunter2' }";
        let error = refusal(&format!("[[discover]]\nevery = '6h'\nprovider = 'aws'\n{keys}"), &[]);
        assert!(!error.contains("hunter2") && !error.contains("AKIA1"), "{error}");
    }
}
