//! The names that Terraform gives to instances.

use serde_json::Value;

/// An instance's address, for instance `module.app["blue"].aws_instance.web[0]`.
pub(super) fn of(module: Option<&str>, terraform_type: &str, name: &str, index_key: Option<&Value>) -> String {
    let mut address = String::new();
    if let Some(module) = module.filter(|module| !module.is_empty()) {
        address.push_str(module);
        address.push('.');
    }
    address.push_str(terraform_type);
    address.push('.');
    address.push_str(name);
    if let Some(key @ (Value::Number(_) | Value::String(_))) = index_key {
        address.push_str(&format!("[{key}]"));
    }
    address
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn addresses_read_as_terraform_prints_them() {
        assert_eq!(of(None, "aws_vpc", "main", None), "aws_vpc.main");
        assert_eq!(of(None, "aws_vpc", "main", Some(&json!(1))), "aws_vpc.main[1]");
        assert_eq!(
            of(Some("module.app[\"blue\"]"), "aws_vpc", "main", Some(&json!("a"))),
            "module.app[\"blue\"].aws_vpc.main[\"a\"]"
        );
    }
}
