//! A resource, task or provider named in a path.

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use dharmagraph_cmdb::{AsOf, Error, GraphStore, ResourceId};

use super::quoted;
use crate::problem::Problem;

/// The one name in a route's path, percent-decoded: it may hold `/`, `:`, `$`, `%` and spaces.
#[derive(Debug)]
pub(crate) struct Reference(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Reference {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(name)) => Ok(Self(name)),
            Err(PathRejection::FailedToDeserializePathParams(_)) => {
                Err(Problem::invalid("path", "percent-encoded UTF-8", quoted(parts.uri.path())))
            }
            Err(other) => Err(Problem::internal(other.to_string())),
        }
    }
}

impl Reference {
    /// The id that the name stands for: an id, an ARN or a name that only one resource has.
    ///
    /// # Errors
    /// 404 `NOT_FOUND`, 409 `CONFLICT` with the candidates.
    pub(crate) async fn resolve(&self, store: &dyn GraphStore, as_of: AsOf) -> Result<ResourceId, Problem> {
        Ok(store.resolve(&self.0, as_of).await?)
    }

    /// The same, but a name that stands for nothing now is taken as the id of something that was there.
    pub(crate) async fn resolve_past(&self, store: &dyn GraphStore) -> Result<ResourceId, Problem> {
        match store.resolve(&self.0, None).await {
            Err(Error::NotFound { .. }) => Ok(ResourceId::new(self.0.as_str())),
            resolved => Ok(resolved?),
        }
    }
}
