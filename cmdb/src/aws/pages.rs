//! Reading a list to its last page.

use std::error::Error as StdError;

use aws_smithy_async::future::pagination_stream::PaginationStream;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::fault::Fault;

/// Pages of one list.
///
/// Ends only after a page without a token: the SDK's paginator alone would also stop, without a word, at a page that names
/// itself as the next one.
pub(super) struct Pages<P, E> {
    service: &'static str,
    pages: PaginationStream<Result<P, SdkError<E, HttpResponse>>>,
    token: fn(&P) -> Option<&str>,
    more: bool,
}

impl<P, E: ProvideErrorMetadata + StdError + 'static> Pages<P, E> {
    pub(super) const fn new(
        service: &'static str,
        pages: PaginationStream<Result<P, SdkError<E, HttpResponse>>>,
        token: fn(&P) -> Option<&str>,
    ) -> Self {
        Self { service, pages, token, more: true }
    }

    pub(super) async fn next(&mut self) -> Result<Option<P>, Fault> {
        match self.pages.next().await {
            Some(page) => {
                let page = page.map_err(|error| Fault::of(self.service, &error))?;
                self.more = (self.token)(&page).is_some_and(|token| !token.is_empty());
                Ok(Some(page))
            }
            None if self.more => Err(Fault::bad_response(self.service, "a list that names the same page as its next one")),
            None => Ok(None),
        }
    }
}

/// The list that an answer of the service always holds, however empty.
pub(super) fn given<T>(service: &'static str, what: &'static str, list: Option<Vec<T>>) -> Result<Vec<T>, Fault> {
    list.ok_or_else(|| Fault::bad_response(service, format!("an answer without its list of {what}")))
}

/// The identity that every item of the service has.
pub(super) fn identity<'a>(service: &'static str, what: &'static str, id: Option<&'a str>) -> Result<&'a str, Fault> {
    id.filter(|id| !id.is_empty()).ok_or_else(|| Fault::bad_response(service, format!("an answer with {what} without identity")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_its_list_is_not_an_empty_list() {
        assert_eq!(given::<u8>("ecs", "clusters", Some(Vec::new())), Ok(Vec::new()));
        assert!(given::<u8>("ecs", "clusters", None).unwrap_err().is("BadResponse"));
    }

    #[test]
    fn an_item_without_identity_is_a_bad_response() {
        assert!(identity("ec2", "a VPC", Some("")).is_err());
        assert_eq!(identity("ec2", "a VPC", Some("vpc-1")), Ok("vpc-1"));
    }
}
