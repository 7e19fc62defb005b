//! The list of checks.

/// Makes each check of a store a `#[tokio::test]` of its own, on a runtime with several threads.
///
/// `open` names an `async fn() -> Subject` that gives an empty store (see
/// [`Subject`](crate::testkit::store::Subject)). The caller needs `tokio` among its dependencies.
#[macro_export]
macro_rules! store_conformance {
    ($open:path) => {
        $crate::store_conformance! { $open =>
            users: [
                a_user_reads_back_as_it_was_added,
                an_e_mail_address_has_one_user_whatever_its_case,
                a_username_has_one_user_in_all_tenants,
                of_users_with_one_address_at_once_one_is_added,
                a_user_that_cannot_be_kept_is_refused,
                times_are_exact_to_the_microsecond,
                pages_of_two_thousand_users_give_each_once,
                the_first_user_is_made_with_the_newest_token,
                there_is_nothing_to_bootstrap_where_there_is_a_user,
                one_of_many_at_once_is_the_first_user,
            ]
            user_changes: [
                a_change_changes_what_it_names_alone,
                another_tenants_user_is_not_changed,
                a_tenant_keeps_its_last_administrator,
                two_administrators_cannot_demote_each_other,
                a_password_is_replaced_by_who_knows_the_one_before,
                a_login_is_noted,
            ]
            sessions: [
                a_session_reads_back_as_it_began,
                a_session_that_cannot_be_kept_is_refused,
                a_token_is_used_for_its_successor,
                a_session_has_one_successor_at_a_time,
                without_a_grace_a_token_that_comes_twice_ends_the_session,
                a_repeated_token_is_answered_alike_until_the_grace_is_over,
                a_token_that_is_not_the_sessions_ends_it,
                sessions_are_apart,
                a_session_is_over_at_its_time,
                a_user_that_is_switched_off_refreshes_no_more,
                a_users_sessions_are_listed_newest_first,
                a_user_ends_its_own_sessions,
                all_sessions_but_one_end,
                all_sessions_but_the_newest_end,
                of_many_that_end_the_oldest_at_once_each_ends_others,
                a_denied_token_is_denied_until_its_time_is_over,
                sessions_and_denials_are_forgotten_when_they_are_over,
            ]
            api_keys: [
                an_api_key_reads_back_with_its_user,
                an_api_key_that_cannot_be_kept_is_refused,
                a_users_api_keys_are_listed_newest_first,
                an_api_key_is_revoked_once_by_its_user,
                the_last_use_of_an_api_key_never_goes_back,
            ]
            counters: [
                a_window_grants_as_many_as_its_limit,
                counters_are_apart,
                of_many_at_once_as_many_are_granted_as_the_limit_says,
                of_many_at_once_one_begins_the_next_window,
                what_is_given_back_can_be_taken_again,
                a_cleared_counter_begins_anew,
                counters_are_forgotten_when_their_window_is_over,
            ]
            factors: [
                a_secret_waits_to_be_confirmed,
                a_user_that_is_not_there_has_no_second_factor,
                a_step_uses_up_those_before_it,
                of_many_at_once_one_uses_a_step,
                a_recovery_code_is_used_once,
                of_many_at_once_one_uses_a_recovery_code,
                of_many_at_once_one_confirms_a_secret,
                second_factors_are_removed_with_their_codes,
            ]
            signing_keys: [
                the_first_signing_keys_are_added_once,
                of_many_at_once_one_begins_the_signing_keys,
                a_rotation_moves_each_key_on,
                of_many_at_once_one_rotates_the_signing_keys,
                retired_signing_keys_are_forgotten,
            ]
            audit: [
                an_event_reads_back_in_its_place,
                an_event_that_cannot_be_kept_is_refused,
                many_at_once_make_a_chain_without_gaps,
                each_condition_of_an_audit_filter_counts,
                pages_of_events_give_each_once,
            ]
        }
    };
    ($open:path => $($trait:ident: [$($check:ident,)*])*) => {
        $($(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $check() {
                $crate::testkit::store::$trait::$check(&$open().await).await;
            }
        )*)*
    };
}
