use super::*;

#[test]
fn the_document_lists_every_route() {
    let document = serde_json::to_value(document()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let names = |place: &str| {
                let parameters = operation["parameters"].as_array().into_iter().flatten();
                let names: Vec<&str> = parameters.filter(|p| p["in"] == place).map(|p| p["name"].as_str().unwrap()).collect();
                names.join(",")
            };
            let query = names("query");
            let query = if query.is_empty() { query } else { format!("?{query}") };
            operations.push(format!("{} {path}{query}", method.to_uppercase()));
        }
    }
    operations.sort();
    insta::assert_snapshot!(operations.join("\n"), @r"
    DELETE /api/v3/auth/api-keys/{id}
    DELETE /api/v3/auth/sessions/{id}
    DELETE /api/v3/auth/totp
    DELETE /api/v3/auth/users/{id}/sessions
    DELETE /api/v3/auth/users/{id}/totp
    DELETE /api/v3/cmdb/discovery/{task_id}
    GET /
    GET /.well-known/jwks.json
    GET /api/v3/aiops/health
    GET /api/v3/aiops/metrics
    GET /api/v3/aiops/models
    GET /api/v3/aiops/models/{kind}/current
    GET /api/v3/aiops/models/{name}/{version}
    GET /api/v3/auth/api-keys
    GET /api/v3/auth/audit?user,action,from,to,limit,cursor
    GET /api/v3/auth/me
    GET /api/v3/auth/sessions
    GET /api/v3/auth/users?limit,cursor
    GET /api/v3/cmdb/changes?from,to,task_id,resource_type,limit,offset,cursor
    GET /api/v3/cmdb/discovery/{task_id}
    GET /api/v3/cmdb/discovery/{task_id}/events
    GET /api/v3/cmdb/discovery?limit,offset,cursor
    GET /api/v3/cmdb/graph/{root_id}?depth,direction,types,max_nodes,format,as_of
    GET /api/v3/cmdb/health
    GET /api/v3/cmdb/impact/{id}?depth,max_nodes,as_of
    GET /api/v3/cmdb/ready
    GET /api/v3/cmdb/resources/{id}/history?limit,offset,cursor
    GET /api/v3/cmdb/resources/{id}/relationships?direction,type,as_of
    GET /api/v3/cmdb/resources/{id}?as_of
    GET /api/v3/cmdb/resources?provider,resource_type,native_type,status,region,account,tag.KEY,name,q,limit,offset,cursor,as_of
    GET /api/v3/cmdb/statistics?as_of
    GET /metrics
    PATCH /api/v3/auth/users/{id}
    POST /api/v3/aiops/detect/anomaly
    POST /api/v3/aiops/detect/threat
    POST /api/v3/aiops/models/{kind}/train?target,group,remaining,horizon,windows,false_alarms,ignore,units,promote
    POST /api/v3/aiops/predict/capacity
    POST /api/v3/aiops/predict/failure
    POST /api/v3/auth/api-keys
    POST /api/v3/auth/bootstrap
    POST /api/v3/auth/login
    POST /api/v3/auth/logout
    POST /api/v3/auth/password
    POST /api/v3/auth/refresh
    POST /api/v3/auth/signup
    POST /api/v3/auth/totp/confirm
    POST /api/v3/auth/totp/enrol
    POST /api/v3/auth/users
    POST /api/v3/cmdb/discover/aws
    POST /api/v3/cmdb/discover/terraform
    POST /api/v3/cmdb/discover/{provider}
    POST /api/v3/cmdb/graph/query
    PUT /api/v3/aiops/models/{kind}/current
    PUT /api/v3/auth/users/{id}/password
    ");
}

#[test]
fn every_schema_that_is_referred_to_is_there() {
    let document = serde_json::to_value(document()).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let text = document.to_string();
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name}");
    }
    assert!(schemas.contains_key("Problem"));
}

#[test]
fn every_route_has_a_row_in_the_table_of_permissions_and_every_row_a_route() {
    let document = serde_json::to_value(document()).unwrap();
    let mut routes: Vec<String> = documentation::TEMPLATES.map(|path| format!("GET {path}")).into();
    for (path, item) in document["paths"].as_object().unwrap() {
        routes.extend(item.as_object().unwrap().keys().map(|method| format!("{} {path}", method.to_uppercase())));
    }
    let mut rows: Vec<String> = crate::auth::TABLE.iter().map(|row| format!("{} {}", row.method, row.path)).collect();
    routes.sort();
    rows.sort();
    assert_eq!(routes, rows);
}

#[test]
fn what_is_open_without_credentials_is_said_here() {
    let document = serde_json::to_value(document()).unwrap();
    let mut open = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let methods = item.as_object().unwrap().iter().filter(|(_, operation)| operation["security"].is_null());
        open.extend(methods.map(|(method, _)| format!("{} {path}", method.to_uppercase())));
    }
    open.sort();
    let expected = [
        "GET /.well-known/jwks.json",
        "GET /api/v3/aiops/health",
        "GET /api/v3/cmdb/health",
        "GET /api/v3/cmdb/ready",
        "POST /api/v3/auth/bootstrap",
        "POST /api/v3/auth/login",
        "POST /api/v3/auth/refresh",
        "POST /api/v3/auth/signup",
    ];
    assert_eq!(open, expected);
}
