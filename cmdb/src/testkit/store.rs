//! Every promise of [`GraphStore`], one check after the other.

use super::{history, import, listing, owners, querying, reading, removal, walks, writing};
use crate::store::GraphStore;

/// Runs every check of a store, each on a fresh and empty one from `make`.
pub async fn store_conformance<S, F>(make: F)
where
    S: GraphStore,
    F: AsyncFn() -> S,
{
    macro_rules! run {
        ($($check:path),* $(,)?) => {
            $($check(&make().await).await;)*
        };
    }
    run!(
        writing::reconcile_reports_what_it_created_updated_and_found_unchanged,
        writing::saying_the_same_again_changes_nothing_but_the_time_of_completion,
        writing::a_dry_run_reports_what_would_change_and_changes_nothing,
        writing::what_cannot_be_kept_is_refused_whole,
        writing::the_last_of_two_listings_of_one_resource_counts,
        writing::saying_a_relationship_twice_is_saying_it_once,
        writing::the_times_of_changes_never_go_back,
        writing::scopes_are_listed_with_what_they_own,
        writing::a_store_that_cannot_query_says_so,
        removal::only_complete_listings_remove,
        removal::relationships_go_only_with_their_scope,
        removal::a_removal_beyond_the_guard_is_held_back,
        removal::accepted_removals_go,
        removal::the_guard_looks_at_each_scope_alone,
        removal::a_removed_resource_comes_back,
        owners::a_resource_stays_while_one_scope_reports_it,
        owners::the_facts_of_the_providers_own_scope_are_shown,
        owners::between_scopes_of_one_provider_text_decides,
        owners::a_resource_that_others_still_report_is_missing_but_not_removed,
        owners::a_relationship_stays_while_one_scope_says_it,
        owners::last_discovered_is_the_last_completion_of_an_owner,
        reading::a_relationship_joins_when_its_unknown_end_appears,
        reading::a_missing_id_is_none_or_not_found,
        reading::a_reference_is_an_id_an_arn_or_a_name_of_one_resource,
        reading::relationships_are_ordered_and_chosen_by_direction_and_kind,
        reading::statistics_count_what_is_present,
        listing::following_the_cursors_gives_each_resource_once,
        listing::an_offset_begins_anywhere,
        listing::a_cursor_outlives_changes_around_it,
        listing::a_page_that_cannot_be_is_refused,
        listing::each_condition_of_a_filter_counts,
        listing::text_is_looked_for_without_case,
        walks::a_subgraph_reaches_as_far_as_its_depth,
        walks::a_subgraph_follows_directions_and_kinds,
        walks::a_subgraph_ends_at_its_limit_the_same_way_each_time,
        walks::an_impact_travels_as_failures_do,
        walks::an_impact_names_the_shortest_way,
        walks::an_impact_ends_at_its_limit,
        walks::walks_that_cannot_be_are_refused,
        querying::a_resource_is_a_node_with_labels_and_flat_properties,
        querying::nodes_relationships_and_paths_come_as_maps,
        querying::an_unknown_end_is_in_no_answer_to_a_query,
        querying::columns_are_named_as_written_and_parameters_are_bound,
        querying::a_query_only_reads,
        querying::a_query_ends_at_its_limits,
        history::the_versions_of_a_resource_are_kept_newest_first,
        history::changes_name_the_fields_that_changed,
        history::changes_are_chosen_and_paged,
        history::every_read_as_of_a_time_answers_as_it_did_then,
        history::before_the_first_change_there_was_nothing,
        history::pruning_forgets_the_past_and_keeps_the_present,
        history::an_export_holds_everything,
        history::undoing_an_export_leads_back_to_nothing,
        import::what_was_exported_is_answered_as_there,
        import::what_is_exported_can_be_imported_elsewhere,
        import::a_pruned_history_keeps_its_horizon,
        import::a_history_that_was_pruned_to_nothing_goes_on_after_its_end,
        import::a_store_that_is_not_empty_takes_nothing_in,
        import::records_that_cannot_be_read_end_the_import,
    );
    import::what_is_no_export_is_refused(&make).await;
}
