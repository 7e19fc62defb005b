//! A real PostgreSQL.

use crate::server::ServerSettings;
use crate::told::Told;

/// A PostgreSQL of one test alone, which can be stopped and started again. It ends with its owner.
#[derive(Debug)]
pub struct Postgres {
    service: Told,
}

impl Postgres {
    /// Starts an empty one.
    pub async fn launch() -> Self {
        Self { service: Told::launch("tests/postgres/serve.py").await }
    }

    /// Ends it as an administrator does; its data stays.
    pub async fn stop(&mut self) {
        self.service.tell("stop").await;
    }

    /// Starts it on the same data and port.
    pub async fn start(&mut self) {
        self.service.tell("start").await;
    }

    /// Its address, with user and password.
    #[must_use]
    pub fn url(&self) -> &str {
        self.service.described("url")
    }

    /// The server of these settings, with its accounts here.
    #[must_use]
    pub fn keeps(&self, settings: ServerSettings) -> ServerSettings {
        settings
            .variable("DHARMAGRAPH_AUTH__STORE", "postgres")
            .variable("DHARMAGRAPH_AUTH__POSTGRES_URL", self.url())
            .variable("DHARMAGRAPH_AUTH__MASTER_KEY", MASTER_KEY)
    }
}

/// A key of nobody.
const MASTER_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
