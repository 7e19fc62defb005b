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
