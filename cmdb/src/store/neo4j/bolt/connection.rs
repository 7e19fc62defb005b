//! One connection: messages in, messages out.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};

use super::transport::{self, Transport};
use super::{Address, Fault, Login, Map, Value, pack};

/// Begins every connection.
const PREAMBLE: [u8; 4] = [0x60, 0x60, 0xB0, 0x17];
/// Versions that are spoken, best first: 5.4 and three below it.
const VERSIONS: [u8; 16] = [0, 3, 4, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

const HELLO: u8 = 0x01;
const LOGON: u8 = 0x6A;
const RESET: u8 = 0x0F;
const RUN: u8 = 0x10;
const BEGIN: u8 = 0x11;
const ROLLBACK: u8 = 0x13;
const PULL: u8 = 0x3F;

const SUCCESS: u8 = 0x70;
const RECORD: u8 = 0x71;
const IGNORED: u8 = 0x7E;
const FAILURE: u8 = 0x7F;

/// The most bytes in one chunk of a message.
const CHUNK: usize = 0xFFFF;

/// On what terms a transaction runs. It only reads: the server refuses whatever would write.
#[derive(Debug, Clone)]
pub(in super::super) struct Terms {
    pub(in super::super) database: String,
    /// After this the server ends the transaction.
    pub(in super::super) timeout: Duration,
}

impl Terms {
    fn extra(&self) -> Value {
        // The server takes 0 for no limit.
        let timeout = i64::try_from(self.timeout.as_millis()).unwrap_or(i64::MAX).max(1);
        Value::map([
            ("mode", Value::text("r")),
            ("db", Value::text(self.database.as_str())),
            ("tx_timeout", Value::Integer(timeout)),
        ])
    }
}

/// What a statement answered.
#[derive(Debug, Default)]
pub(in super::super) struct Answer {
    /// As written in RETURN.
    pub(in super::super) columns: Vec<String>,
    pub(in super::super) records: VecDeque<Vec<Value>>,
    /// Whether there are records that were not pulled.
    pub(in super::super) more: bool,
    /// What the server says of the statement.
    pub(in super::super) summary: Map,
}

/// A connection that has logged on. Dropping it closes it, and the server then ends what it was doing for it.
pub(in super::super) struct Connection {
    stream: BufReader<Box<dyn Transport>>,
    unsent: Vec<u8>,
    /// Messages whose answer has not been read to its end.
    unanswered: usize,
    /// Whether the server will ignore everything until a reset.
    failed: bool,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Connection").field("unanswered", &self.unanswered).field("failed", &self.failed).finish()
    }
}

impl Connection {
    /// Connects and logs on.
    pub(super) async fn open(address: &Address, login: &Login) -> Result<Self, Fault> {
        let unreachable = |source| Fault::Unreachable { address: address.to_string(), source };
        let mut stream = BufReader::new(transport::open(address).await.map_err(unreachable)?);
        let mut version = [0; 4];
        let greeted = async {
            stream.write_all(&[&PREAMBLE[..], &VERSIONS].concat()).await?;
            stream.flush().await?;
            stream.read_exact(&mut version).await
        };
        greeted.await.map_err(unreachable)?;
        if !matches!(version, [0, 0, 1..=4, 5]) {
            let found = format!("{}.{}", version[3], version[2]);
            return Err(Fault::Protocol(format!(
                "expected a server that speaks Bolt 5.1 to 5.4, found {found}; use Neo4j 5.5 or later"
            )));
        }
        let mut connection = Self { stream, unsent: Vec::new(), unanswered: 0, failed: false };
        connection.hello(login).await?;
        Ok(connection)
    }

    async fn hello(&mut self, login: &Login) -> Result<(), Fault> {
        let product = Value::text(concat!("dharmagraph/", env!("CARGO_PKG_VERSION")));
        let mut hello = Map::from([("user_agent".to_owned(), product.clone())]);
        hello.insert("bolt_agent".to_owned(), Value::map([("product", product)]));
        self.queue(HELLO, &[Value::Map(hello)]);
        let logon = [
            ("scheme", Value::text("basic")),
            ("principal", Value::text(login.user.as_str())),
            ("credentials", Value::text(login.password.expose())),
        ];
        self.queue(LOGON, &[Value::map(logon)]);
        self.send().await?;
        self.success().await?;
        self.success().await.map(drop)
    }

    /// Begins a transaction; sent with what is run first.
    pub(in super::super) fn begin(&mut self, terms: &Terms) {
        self.queue(BEGIN, &[terms.extra()]);
    }

    /// Runs a statement inside the transaction that was begun, and pulls at most so many records.
    pub(in super::super) async fn run(&mut self, statement: &str, parameters: Map, most: Option<u64>) -> Result<Answer, Fault> {
        let earlier = self.unanswered;
        self.queue(RUN, &[Value::text(statement), Value::Map(parameters), Value::Map(Map::new())]);
        self.queue(PULL, &[pull(most)]);
        self.send().await?;
        for _ in 0..earlier {
            self.success().await?;
        }
        let mut run = self.success().await?;
        let columns = match run.remove("fields") {
            Some(Value::List(names)) => {
                names.into_iter().filter_map(|name| if let Value::Text(name) = name { Some(name) } else { None })
            }
            _ => return Err(Fault::Protocol("the server named no columns".to_owned())),
        };
        let mut answer = Answer { columns: columns.collect(), ..Answer::default() };
        self.records(&mut answer).await?;
        Ok(answer)
    }

    async fn records(&mut self, answer: &mut Answer) -> Result<(), Fault> {
        loop {
            match self.reply().await? {
                Reply::Record(record) => answer.records.push_back(record),
                Reply::Success(summary) => {
                    answer.more = summary.get("has_more") == Some(&Value::Boolean(true));
                    answer.summary = summary;
                    return Ok(());
                }
                Reply::Ignored => return Err(ignored()),
            }
        }
    }

    /// Ends the transaction, and undoes what it wrote.
    pub(in super::super) async fn rollback(&mut self) -> Result<(), Fault> {
        self.queue(ROLLBACK, &[]);
        self.send().await?;
        while self.unanswered > 1 {
            self.success().await?;
        }
        self.success().await.map(drop)
    }

    /// Whether a reset has to come before anything else.
    pub(super) const fn needs_reset(&self) -> bool {
        self.failed || self.unanswered > 0
    }

    /// Brings the connection back to where it was after it logged on, whatever it was doing.
    pub(super) async fn reset(&mut self) -> Result<(), Fault> {
        self.queue(RESET, &[]);
        self.send().await?;
        while self.unanswered > 1 {
            // Answers to what was asked before the reset, of which nobody wants to know any more.
            match self.reply().await {
                Ok(_) | Err(Fault::Refused { .. }) => {}
                Err(fault) => return Err(fault),
            }
        }
        self.success().await?;
        self.failed = false;
        Ok(())
    }

    fn queue(&mut self, tag: u8, fields: &[Value]) {
        let mut message = Vec::with_capacity(256);
        pack::write_structure(tag, fields, &mut message);
        for chunk in message.chunks(CHUNK) {
            self.unsent.extend((chunk.len() as u16).to_be_bytes());
            self.unsent.extend(chunk);
        }
        self.unsent.extend([0, 0]);
        self.unanswered += 1;
    }

    async fn send(&mut self) -> Result<(), Fault> {
        let unsent = std::mem::take(&mut self.unsent);
        self.stream.write_all(&unsent).await?;
        Ok(self.stream.flush().await?)
    }

    async fn success(&mut self) -> Result<Map, Fault> {
        match self.reply().await? {
            Reply::Success(about) => Ok(about),
            Reply::Ignored => Err(ignored()),
            Reply::Record(_) => Err(Fault::Protocol("the server sent a record that nobody asked for".to_owned())),
        }
    }

    /// The next message; a refusal is a [`Fault::Refused`].
    async fn reply(&mut self) -> Result<Reply, Fault> {
        let message = self.message().await?;
        let (tag, mut fields) = pack::read_structure(&message)?;
        if tag != RECORD {
            self.unanswered = self.unanswered.saturating_sub(1);
        }
        let mut about = || match fields.pop() {
            Some(Value::Map(about)) => about,
            _ => Map::new(),
        };
        match tag {
            RECORD => match fields.pop() {
                Some(Value::List(record)) => Ok(Reply::Record(record)),
                _ => Err(Fault::Protocol("the server sent a record without values".to_owned())),
            },
            SUCCESS => Ok(Reply::Success(about())),
            IGNORED => Ok(Reply::Ignored),
            FAILURE => {
                self.failed = true;
                let mut about = about();
                let mut text = |key: &str| match about.remove(key) {
                    Some(Value::Text(text)) => text,
                    _ => String::new(),
                };
                Err(Fault::Refused { code: text("code"), message: text("message") })
            }
            _ => Err(Fault::Protocol(format!("the server sent an unknown message, {tag:#04x}"))),
        }
    }

    async fn message(&mut self) -> Result<Vec<u8>, Fault> {
        let mut message = Vec::new();
        loop {
            let size = usize::from(self.stream.read_u16().await?);
            if size == 0 {
                // An empty chunk ends a message; before its first one it says only that the server lives.
                if message.is_empty() {
                    continue;
                }
                return Ok(message);
            }
            let begin = message.len();
            message.resize(begin + size, 0);
            self.stream.read_exact(&mut message[begin..]).await?;
        }
    }
}

#[derive(Debug)]
enum Reply {
    Success(Map),
    Record(Vec<Value>),
    Ignored,
}

fn pull(most: Option<u64>) -> Value {
    let most = most.map_or(-1, |most| i64::try_from(most).unwrap_or(i64::MAX));
    Value::map([("n", Value::Integer(most))])
}

fn ignored() -> Fault {
    Fault::Protocol("the server ignored a message after an earlier failure".to_owned())
}
