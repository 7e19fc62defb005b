//! Whatever the policy, its three answers agree, and are what its rules say when they are read one by one.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use dharmagraph_auth::policy::{
    Authorizer, BuiltInRole, Condition, Credential, Effect, FieldRule, Object, Permission, Policy, PolicyDefinition, Principal,
    RoleDefinition, RoleName, Rule, Scalar, Visibility, Whom,
};
use dharmagraph_auth::{Tenant, UserId};
use proptest::collection::{btree_set, vec};
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof};
use proptest::sample::select;
use serde_json::{Map, Value, json};

fn name<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(words).prop_map(str::to_owned)
}

fn words(words: &'static [&'static str]) -> impl Strategy<Value = BTreeSet<String>> {
    btree_set(word(words), 1..=2)
}

const ROLES: &[&str] = &["VIEWER", "OPERATOR", "ADMIN", "auditor", "keeper"];
const USERS: &[&str] = &["ada", "eve", "joe"];
const IDS: &[&str] = &["a", "b", "ab"];
const TYPES: &[&str] = &["machine", "disk"];
const ATTRIBUTES: &[&str] = &["environment", "count", "public"];

fn permission() -> impl Strategy<Value = Permission> {
    select(&["cmdb:read", "cmdb:discover", "aiops:train", "report:export"][..]).prop_map(name)
}

fn roles(at_least: usize) -> impl Strategy<Value = BTreeSet<RoleName>> {
    btree_set(select(ROLES).prop_map(name), at_least..=2)
}

fn scalar() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        any::<bool>().prop_map(Scalar::Boolean),
        (0_i64..3).prop_map(Scalar::Whole),
        word(&["development", "production", "1"]).prop_map(Scalar::Text),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        scalar().prop_map(|scalar| serde_json::to_value(scalar).unwrap()),
        Just(Value::Null),
        Just(json!(1.0)),
        Just(json!(["production"])),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        Just(Condition::IsOwner),
        words(USERS).prop_map(|users| Condition::Owner(users.into_iter().map(UserId::new).collect())),
        words(IDS).prop_map(Condition::Id),
        words(TYPES).prop_map(Condition::Type),
        word(ATTRIBUTES).prop_map(Condition::Present),
        (word(ATTRIBUTES), scalar()).prop_map(|(attribute, value)| Condition::Equals { attribute, value }),
        (word(ATTRIBUTES), btree_set(scalar(), 1..3)).prop_map(|(attribute, values)| Condition::OneOf { attribute, values }),
        (word(ATTRIBUTES), word(&["p", "prod", "d"])).prop_map(|(attribute, prefix)| Condition::StartsWith { attribute, prefix }),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..3).prop_map(Condition::All),
            vec(inner.clone(), 1..3).prop_map(Condition::Any),
            inner.prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    })
}

fn whom() -> impl Strategy<Value = Whom> {
    (roles(0), prop_oneof![3 => Just(BTreeSet::new()), 1 => roles(1)]).prop_map(|(roles, except)| Whom { roles, except })
}

fn rule() -> impl Strategy<Value = Rule> {
    let when = prop_oneof![1 => Just(Condition::ALWAYS), 4 => condition()];
    (select(&[Effect::Allow, Effect::Deny][..]), btree_set(permission(), 1..3), whom(), when)
        .prop_map(|(effect, permissions, whom, when)| Rule { name: String::new(), effect, permissions, whom, when })
}

fn field_rule() -> impl Strategy<Value = FieldRule> {
    let visibility = select(&[Visibility::Masked, Visibility::Hidden][..]);
    (word(TYPES), words(&["address", "notes"]), visibility, whom()).prop_map(|(resource_type, fields, visibility, whom)| {
        FieldRule { name: String::new(), resource_type, fields, visibility, whom }
    })
}

fn definition() -> impl Strategy<Value = PolicyDefinition> {
    (btree_set(permission(), 0..3), vec(rule(), 0..5), vec(field_rule(), 0..4)).prop_map(|(keeps, mut rules, mut field_rules)| {
        rules.iter_mut().enumerate().for_each(|(index, rule)| rule.name = format!("rule-{index}"));
        field_rules.iter_mut().enumerate().for_each(|(index, rule)| rule.name = format!("field-rule-{index}"));
        let auditor = [name("report:export"), name("audit:read")].into();
        let roles = vec![
            RoleDefinition { name: name("auditor"), permissions: auditor },
            RoleDefinition { name: name("keeper"), permissions: keeps },
        ];
        PolicyDefinition { roles, rules, field_rules }
    })
}

fn tenant() -> impl Strategy<Value = Tenant> {
    prop_oneof![4 => Just(Tenant::default()), 1 => Just(Tenant::new("other"))]
}

fn principal() -> impl Strategy<Value = Principal> {
    let scopes = prop_oneof![3 => Just(None), 1 => btree_set(permission(), 0..3).prop_map(Some)];
    (word(USERS), tenant(), roles(0), any::<bool>(), scopes).prop_map(|(user, tenant, mut roles, unknown, scopes)| {
        roles.extend(unknown.then(|| name("forgotten")));
        let credential = Credential::ApiKey { id: "k".to_owned() };
        Principal { username: user.clone(), user: UserId::new(user), tenant, roles, scopes, credential }
    })
}

fn object() -> impl Strategy<Value = Object> {
    let owner = proptest::option::of(word(USERS).prop_map(UserId::new));
    let attributes = proptest::collection::btree_map(word(ATTRIBUTES), value(), 0..4);
    (word(TYPES), word(IDS), tenant(), owner, attributes).prop_map(|(resource_type, id, tenant, owner, attributes)| {
        let attributes: Map<String, Value> = attributes.into_iter().collect();
        Object { resource_type, id, tenant, owner, attributes }
    })
}

/// What the documentation says, rule by rule, without the code of the policy.
fn expected(definition: &PolicyDefinition, principal: &Principal, permission: &Permission, object: &Object) -> bool {
    let by_role = principal.roles.iter().any(|role| match role.as_str() {
        "VIEWER" => ["cmdb:read", "aiops:predict"].contains(&permission.as_str()),
        "OPERATOR" => permission.as_str() != "report:export",
        "ADMIN" => {
            let named_by_rules = definition.rules.iter().filter(|rule| rule.effect == Effect::Allow);
            Permission::known().contains(permission)
                || definition.roles.iter().any(|role| role.permissions.contains(permission))
                || named_by_rules.into_iter().any(|rule| rule.permissions.contains(permission))
        }
        custom => definition.roles.iter().any(|role| role.name.as_str() == custom && role.permissions.contains(permission)),
    });
    let by_rule = |effect| {
        definition.rules.iter().filter(|rule| rule.effect == effect).any(|rule| {
            let included = rule.whom.roles.is_empty() || rule.whom.roles.iter().any(|role| principal.roles.contains(role));
            let excepted = rule.whom.except.iter().any(|role| principal.roles.contains(role));
            rule.permissions.contains(permission) && included && !excepted && rule.when.holds(object, &principal.user)
        })
    };
    object.tenant == principal.tenant
        && principal.scopes.as_ref().is_none_or(|scopes| scopes.contains(permission))
        && (by_role || by_rule(Effect::Allow))
        && !by_rule(Effect::Deny)
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 2_000, ..Default::default() })]

    #[test]
    fn a_decision_and_the_scope_agree(
        definition in definition(),
        principal in principal(),
        permission in permission(),
        objects in vec(object(), 1..6),
    ) {
        let policy = Policy::builder().define(definition.clone()).build().unwrap();
        let scope = policy.scope(&principal, &permission);
        let on_all = policy.decide(&principal, &permission, None);
        prop_assert_eq!(on_all.allowed(), scope.condition().is_always(), "{}", on_all);
        prop_assert_eq!(policy.permissions(&principal).contains(&permission), !scope.is_denied());

        for object in &objects {
            let decision = policy.decide(&principal, &permission, Some(object));
            prop_assert_eq!(decision.allowed(), expected(&definition, &principal, &permission, object), "{}", decision);
            prop_assert_eq!(decision.allowed(), scope.admits(object), "{}", decision);
            prop_assert_eq!(decision.fields(), &scope.fields(&object.resource_type));
            let of_type = scope.condition_for(&object.resource_type);
            prop_assert_eq!(of_type.holds(object, &principal.user), scope.condition().holds(object, &principal.user));
            if on_all.allowed() && object.tenant == principal.tenant {
                prop_assert!(decision.allowed(), "allowed on all, but {}", decision);
            }
            if object.tenant != principal.tenant {
                prop_assert_eq!(decision.require("machine").unwrap_err().code(), "NOT_FOUND");
            } else if !decision.allowed() {
                prop_assert_eq!(decision.require("machine").unwrap_err().code(), "FORBIDDEN");
            }
        }
    }

    #[test]
    fn a_shorter_condition_holds_for_the_same_objects(condition in condition(), object in object(), user in word(USERS)) {
        let (user, short) = (UserId::new(user), condition.simplified());
        prop_assert_eq!(short.holds(&object, &user), condition.holds(&object, &user), "{:?}", short);
        prop_assert_eq!(short.simplified(), short);
    }

    #[test]
    fn a_definition_reads_back(definition in definition()) {
        let text = serde_json::to_string(&definition).unwrap();
        prop_assert_eq!(serde_json::from_str::<PolicyDefinition>(&text).unwrap(), definition);
    }
}

#[test]
fn what_is_generated_is_both_allowed_and_denied_by_every_kind_of_reason() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let cases = (definition(), principal(), permission(), proptest::option::of(object()));
    let mut kinds = BTreeSet::new();
    for _ in 0..4_000 {
        let (definition, principal, permission, object) = cases.new_tree(&mut runner).unwrap().current();
        let policy = Policy::builder().define(definition).build().unwrap();
        let decision = policy.decide(&principal, &permission, object.as_ref());
        kinds.insert(format!("{:?}", decision.reason()).split('(').next().unwrap().to_owned());
    }
    let all = ["AllowRule", "CredentialScope", "DenyRule", "NoRole", "ObjectNeeded", "OtherTenant", "Role"];
    assert!(kinds.iter().eq(all), "{kinds:?}");
    assert!(BuiltInRole::ALL.iter().all(|role| ROLES.contains(&role.as_str())));
}
