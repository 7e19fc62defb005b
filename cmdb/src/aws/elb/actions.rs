//! What listeners and their rules do with a request.

use aws_sdk_elasticloadbalancingv2::types::{Action, Rule, RuleCondition};
use serde_json::Value;

use crate::aws::facts::Facts;

/// Every target group that an action forwards to.
pub(super) fn target_groups(action: &Action) -> impl Iterator<Item = &str> {
    let weighted = action.forward_config().into_iter().flat_map(|config| config.target_groups());
    action.target_group_arn().into_iter().chain(weighted.filter_map(|group| group.target_group_arn()))
}

/// An action, without what it signs people in with.
pub(super) fn action(action: &Action) -> Value {
    Facts::record(|facts| {
        facts
            .text("type", action.r#type().map(|kind| kind.as_str()))
            .number("order", action.order())
            .list("target_groups", target_groups(action))
            .records(
                "weights",
                action.forward_config().into_iter().flat_map(|config| config.target_groups()).map(|group| {
                    Facts::record(|facts| facts.text("target_group", group.target_group_arn()).number("weight", group.weight()))
                }),
            );
        if let Some(redirect) = action.redirect_config() {
            facts
                .text("redirect_protocol", redirect.protocol())
                .text("redirect_host", redirect.host())
                .text("redirect_port", redirect.port())
                .text("redirect_path", redirect.path())
                .text("redirect_status", redirect.status_code().map(|code| code.as_str()));
        }
        facts.text("response_status", action.fixed_response_config().and_then(|response| response.status_code()))
    })
}

/// A rule with its conditions and actions.
pub(super) fn rule(rule: &Rule) -> Value {
    Facts::record(|facts| {
        facts
            .text("arn", rule.rule_arn())
            .text("priority", rule.priority())
            .flag("is_default", rule.is_default())
            .records("conditions", rule.conditions().iter().map(condition))
            .records("actions", rule.actions().iter().map(action))
    })
}

fn condition(condition: &RuleCondition) -> Value {
    let hosts = condition.host_header_config().into_iter().flat_map(|config| config.values());
    let paths = condition.path_pattern_config().into_iter().flat_map(|config| config.values());
    let headers = condition.http_header_config().into_iter().flat_map(|config| config.values());
    let methods = condition.http_request_method_config().into_iter().flat_map(|config| config.values());
    let sources = condition.source_ip_config().into_iter().flat_map(|config| config.values());
    let values = condition.values().iter().chain(hosts).chain(paths).chain(headers).chain(methods).chain(sources);
    let queries = condition.query_string_config().into_iter().flat_map(|config| config.values());
    Facts::record(|facts| {
        facts
            .text("field", condition.field())
            .text("header", condition.http_header_config().and_then(|config| config.http_header_name()))
            .list("values", values.map(String::as_str))
            .records(
                "queries",
                queries.map(|pair| Facts::record(|facts| facts.text("key", pair.key()).text("value", pair.value()))),
            )
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_elasticloadbalancingv2::types::{ActionTypeEnum, ForwardActionConfig, TargetGroupTuple};
    use serde_json::json;

    use super::*;

    #[test]
    fn an_action_forwards_to_every_group_that_it_names() {
        let group = |arn: &str, weight| TargetGroupTuple::builder().target_group_arn(arn).weight(weight).build();
        let config = ForwardActionConfig::builder().target_groups(group("b", 1)).target_groups(group("a", 9)).build();
        let forward = Action::builder().r#type(ActionTypeEnum::Forward).forward_config(config).build();
        let expected = json!({
            "type": "forward",
            "target_groups": ["a", "b"],
            "weights": [{"target_group": "a", "weight": 9}, {"target_group": "b", "weight": 1}],
        });
        assert_eq!(action(&forward), expected);
        assert_eq!(target_groups(&Action::builder().build()).count(), 0);
    }
}
