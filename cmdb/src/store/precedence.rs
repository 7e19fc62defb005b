//! Whose facts a resource with several owners shows.

use crate::model::{Resource, Scope};

/// Orders the owners of one resource: the least one's facts are shown. Scopes of the resource's own provider come
/// before others, then text decides.
pub(crate) fn owner_rank(scope: &Scope, says: &Resource) -> (bool, String) {
    (scope.provider != says.provider, scope.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Provider, ResourceType};

    #[test]
    fn the_api_comes_before_a_state_file_and_then_text_decides() {
        let machine = Resource::new("i-1", Provider::AWS, ResourceType::COMPUTE, "AWS::EC2::Instance", "1", "eu-west-1");
        let rank = |provider, account| owner_rank(&Scope::new(provider, account, "eu-west-1", "X"), &machine);
        assert!(rank(Provider::AWS, "2") < rank(Provider::new("all"), "1"));
        assert!(rank(Provider::AWS, "1-a") < rank(Provider::AWS, "1"), "text, not part by part");
    }
}
