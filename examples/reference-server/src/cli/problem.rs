//! What a server answered, when it is not what was asked for.

use reqwest::header::CONTENT_TYPE;
use reqwest::{Response, StatusCode, Url};
use serde::Deserialize;

use super::failure::{Failure, root_cause};

/// The members of a problem document that a person can use.
#[derive(Debug, Deserialize)]
struct Problem {
    code: Option<String>,
    title: Option<String>,
    detail: Option<String>,
    request_id: Option<String>,
}

/// The failure that a refused request stands for.
pub(super) async fn refused(response: Response) -> Failure {
    let (url, status) = (response.url().clone(), response.status());
    let media_type = media_type(&response);
    match response.json::<Problem>().await {
        Ok(problem) => failure(problem, status),
        Err(_) => stranger(&url, &format!("status {status} and {media_type}")),
    }
}

fn failure(problem: Problem, status: StatusCode) -> Failure {
    let Problem { code, title, detail, request_id } = problem;
    let message = detail.or(title).unwrap_or_else(|| format!("the server answered {status}"));
    let failure = Failure::coded(code.as_deref().unwrap_or_default(), &message);
    if status == StatusCode::UNAUTHORIZED {
        return failure
            .advise("set DHARMAGRAPH_TOKEN to the token of a sign-in, or DHARMAGRAPH_API_KEY to an API key, that is good");
    }
    match (request_id, status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED) {
        (Some(id), true) => failure.advise(format!("the server's log says more under request id {id}")),
        _ => failure,
    }
}

/// The failure of a request that got no answer.
pub(super) fn unreachable(base: &Url, error: &reqwest::Error) -> Failure {
    let base = shown(base);
    if error.is_timeout() {
        return Failure::new(format!("the server at {base} did not answer in time"));
    }
    let cause = root_cause(error);
    if error.is_connect() {
        let advice = "start one with `dharmagraph serve`, or leave the server out to open the data directory itself";
        return Failure::new(format!("no server can be reached at {base}: {cause}")).advise(advice);
    }
    Failure::new(format!("the connection to {base} broke: {cause}"))
}

/// The failure of an answer that no server of ours gives.
pub(super) fn stranger(url: &Url, answer: &str) -> Failure {
    Failure::new(format!("{} answered with {answer} where JSON was expected", shown(url)))
        .advise("is this the address of a dharmagraph server, of this version?")
}

/// The media type of an answer, without its parameters.
pub(super) fn media_type(response: &Response) -> String {
    let value = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("no media type");
    value.split(';').next().unwrap_or_default().trim().chars().take(80).collect()
}

/// A URL without its query: enough to know who was asked.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.as_str().trim_end_matches('/').to_owned()
}
