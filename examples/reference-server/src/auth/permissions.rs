//! Who may use which route: one row each. A test fails where a route has none.

use axum::http::Method;
use dharmagraph_auth::policy::Permission;

/// Who may use a route.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Access {
    /// Everybody: these routes tell nothing of the inventory, or are how one comes in.
    Open,
    /// Whoever is known.
    Known,
    /// Whoever has the permission.
    Permitted(fn() -> Permission),
}

/// One route.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    /// Whether the profile `development` asks, too.
    pub(crate) in_development: bool,
}

const fn open(method: Method, path: &'static str) -> Row {
    Row { method, path, access: Access::Open, in_development: true }
}

/// Asked of callers in the profile `production` alone.
const fn inventory(method: Method, path: &'static str, permission: fn() -> Permission) -> Row {
    Row { method, path, access: Access::Permitted(permission), in_development: false }
}

const fn page(path: &'static str) -> Row {
    Row { method: Method::GET, path, access: Access::Known, in_development: false }
}

/// What concerns the caller itself.
const fn own(method: Method, path: &'static str) -> Row {
    Row { method, path, access: Access::Known, in_development: true }
}

const fn administration(method: Method, path: &'static str, permission: fn() -> Permission) -> Row {
    Row { method, path, access: Access::Permitted(permission), in_development: true }
}

/// Every route, by its template.
#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    open(Method::GET, "/api/v3/cmdb/health"),
    open(Method::GET, "/api/v3/cmdb/ready"),
    open(Method::GET, "/api/v3/aiops/health"),
    open(Method::POST, "/api/v3/auth/signup"),
    open(Method::POST, "/api/v3/auth/login"),
    open(Method::POST, "/api/v3/auth/refresh"),
    open(Method::POST, "/api/v3/auth/bootstrap"),
    open(Method::GET, "/.well-known/jwks.json"),

    page("/"),
    page("/api/v3/openapi.json"),
    page("/docs"),
    page("/docs/"),
    page("/docs/{*rest}"),

    inventory(Method::GET, "/metrics", Permission::cmdb_read),
    inventory(Method::GET, "/api/v3/cmdb/resources", Permission::cmdb_read),
    inventory(Method::GET, "/api/v3/cmdb/resources/{id}", Permission::cmdb_read),
    inventory(Method::GET, "/api/v3/cmdb/resources/{id}/relationships", Permission::cmdb_read),
    inventory(Method::GET, "/api/v3/cmdb/resources/{id}/history", Permission::cmdb_read),
    inventory(Method::GET, "/api/v3/cmdb/graph/{root_id}", Permission::cmdb_read),
    inventory(Method::GET, "/api/v3/cmdb/impact/{id}", Permission::cmdb_read),
    inventory(Method::GET, "/api/v3/cmdb/changes", Permission::cmdb_read),
    inventory(Method::GET, "/api/v3/cmdb/statistics", Permission::cmdb_read),
    inventory(Method::GET, "/api/v3/cmdb/discovery", Permission::cmdb_read),
    inventory(Method::GET, "/api/v3/cmdb/discovery/{task_id}", Permission::cmdb_read),
    inventory(Method::GET, "/api/v3/cmdb/discovery/{task_id}/events", Permission::cmdb_read),
    inventory(Method::DELETE, "/api/v3/cmdb/discovery/{task_id}", Permission::cmdb_discover),
    inventory(Method::POST, "/api/v3/cmdb/discover/aws", Permission::cmdb_discover),
    inventory(Method::POST, "/api/v3/cmdb/discover/terraform", Permission::cmdb_discover),
    inventory(Method::POST, "/api/v3/cmdb/discover/{provider}", Permission::cmdb_discover),
    inventory(Method::POST, "/api/v3/cmdb/graph/query", Permission::cmdb_query),

    inventory(Method::POST, "/api/v3/aiops/predict/capacity", Permission::aiops_predict),
    inventory(Method::POST, "/api/v3/aiops/predict/failure", Permission::aiops_predict),
    inventory(Method::POST, "/api/v3/aiops/detect/anomaly", Permission::aiops_predict),
    inventory(Method::POST, "/api/v3/aiops/detect/threat", Permission::aiops_predict),
    inventory(Method::GET, "/api/v3/aiops/metrics", Permission::cmdb_read),
    inventory(Method::GET, "/api/v3/aiops/models", Permission::aiops_predict),
    inventory(Method::GET, "/api/v3/aiops/models/{name}/{version}", Permission::aiops_train),
    inventory(Method::POST, "/api/v3/aiops/models/{kind}/train", Permission::aiops_train),
    inventory(Method::GET, "/api/v3/aiops/models/{kind}/current", Permission::aiops_predict),
    inventory(Method::PUT, "/api/v3/aiops/models/{kind}/current", Permission::aiops_train),

    own(Method::POST, "/api/v3/auth/logout"),
    own(Method::GET, "/api/v3/auth/me"),
    own(Method::POST, "/api/v3/auth/password"),
    own(Method::GET, "/api/v3/auth/sessions"),
    own(Method::DELETE, "/api/v3/auth/sessions/{id}"),
    own(Method::POST, "/api/v3/auth/totp/enrol"),
    own(Method::POST, "/api/v3/auth/totp/confirm"),
    own(Method::DELETE, "/api/v3/auth/totp"),
    own(Method::POST, "/api/v3/auth/api-keys"),
    own(Method::GET, "/api/v3/auth/api-keys"),
    own(Method::DELETE, "/api/v3/auth/api-keys/{id}"),

    administration(Method::GET, "/api/v3/auth/users", Permission::users_admin),
    administration(Method::POST, "/api/v3/auth/users", Permission::users_admin),
    administration(Method::PATCH, "/api/v3/auth/users/{id}", Permission::users_admin),
    administration(Method::DELETE, "/api/v3/auth/users/{id}/sessions", Permission::users_admin),
    administration(Method::PUT, "/api/v3/auth/users/{id}/password", Permission::users_admin),
    administration(Method::DELETE, "/api/v3/auth/users/{id}/totp", Permission::users_admin),
    administration(Method::GET, "/api/v3/auth/audit", Permission::audit_read),
];

/// The row of a route; `path` is its template. HEAD is answered like GET.
pub(crate) fn row(method: &Method, path: &str) -> Option<&'static Row> {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    TABLE.iter().find(|row| row.method == *method && row.path == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_has_one_row() {
        for (index, row) in TABLE.iter().enumerate() {
            let twice = TABLE[..index].iter().any(|earlier| (&earlier.method, earlier.path) == (&row.method, row.path));
            assert!(!twice, "{} {}", row.method, row.path);
        }
        assert!(row(&Method::HEAD, "/api/v3/cmdb/resources").is_some());
        assert!(row(&Method::PUT, "/api/v3/cmdb/resources").is_none());
    }
}
