//! Passwords that programs come with.

/// What programs, their images and their manuals set until somebody changes it, sorted, in lower case.
#[rustfmt::skip]
const DEFAULTS: &[&str] = &[
    "0000", "000000", "111111", "123123", "1234", "12345", "123456", "1234567", "12345678", "123456789", "1234567890",
    "1q2w3e4r", "abc123", "admin", "admin!", "admin1", "admin12", "admin123", "admin123!", "admin1234", "admin12345",
    "admin@123", "adminadmin", "administrator", "adminpass", "adminpassword", "airflow", "alpine", "bitnami", "calvin",
    "cassandra", "change-me", "change_me", "changeit", "changeme", "changeme!", "changeme1", "changeme123", "changethis",
    "cisco", "couchbase", "default", "default123", "demo", "demo123", "development", "dharma", "dharma123", "dharmagraph",
    "dharmagraph123", "elastic", "example", "foobar", "grafana", "guest", "guest123", "hunter2", "iac_admin", "iacadmin",
    "iacadmin123", "iacdharma", "iacdharma123", "jenkins", "keycloak", "kibana", "kubernetes", "letmein", "manager", "master",
    "minio", "minio123", "minioadmin", "mongo", "my-secret-pw", "mypassword", "mysecretpassword", "mysql", "neo4j", "neo4j123",
    "neo4jneo4j", "neo4jpass", "neo4jpassword", "nimda", "none", "null", "operator", "oracle", "p@ssw0rd", "p@ssword", "pass",
    "pass123", "pass1234", "passw0rd", "password", "password!", "password1", "password12", "password123", "password1234",
    "password@123", "pgadmin", "placeholder", "please-change", "postgres", "postgres123", "postgrespassword", "prometheus",
    "public", "qwerty", "qwerty123", "rabbitmq", "raspberry", "redis", "redispassword", "replace-me", "replace_me", "replaceme",
    "root", "root123", "rootpassword", "rootroot", "s3cr3t", "sample", "secret", "secret123", "secretpassword", "server",
    "service", "sonar", "superadmin", "supersecret", "superuser", "support", "sysadmin", "system", "temp", "temp123",
    "temporary", "temppass", "test", "test1", "test123", "test1234", "tester", "testing", "testpassword", "testtest", "tiger",
    "todo", "tomcat", "toor", "trustno1", "ubnt", "unknown", "user", "user123", "vagrant", "welcome", "welcome1", "welcome123",
    "your-password", "your_password", "yourpassword", "zabbix",
];

/// Whether a password is empty or one that programs come with, in any case of its letters and with any blanks around it. Such
/// a one is no secret to anybody: nothing should start with it, whatever the length that the policy asks for.
#[must_use]
pub fn is_known_default(password: &str) -> bool {
    let password = password.trim().to_lowercase();
    password.is_empty() || DEFAULTS.binary_search(&password.as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_in_lower_case() {
        assert!(DEFAULTS.is_sorted_by(|a, b| a < b), "{:?}", DEFAULTS.windows(2).find(|pair| pair[0] >= pair[1]));
        assert!(DEFAULTS.iter().all(|known| *known == known.to_lowercase()));
    }

    #[test]
    fn what_programs_come_with_is_known() {
        for password in [
            "admin123",
            "iacadmin123",
            "neo4j",
            "neo4j123",
            "password",
            "changeme",
            "postgres",
            "minioadmin",
            "Admin123",
            "CHANGEME",
            " password ",
            "",
            "secret",
            "123456",
        ] {
            assert!(is_known_default(password), "{password}");
        }
    }

    #[test]
    fn what_somebody_chose_is_not() {
        for password in ["correct horse battery staple", "admin123x", "xadmin123", "Tr7-kq9_Zw2m"] {
            assert!(!is_known_default(password), "{password}");
        }
    }
}
