//! What models say, and the models themselves.

mod anomaly;
mod answer;
mod batch;
mod capacity;
mod failure;
mod health;
mod impact;
mod models;
mod series;
mod threat;
mod train;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(super) use train::PATH as TRAIN;

/// These routes and their documentation.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(capacity::predict))
        .routes(routes!(failure::predict))
        .routes(routes!(threat::detect))
        .routes(routes!(anomaly::detect))
        .routes(routes!(train::train))
        .routes(routes!(models::models))
        .routes(routes!(models::current, models::promote))
        .routes(routes!(models::download))
        .routes(routes!(health::health))
        .routes(routes!(health::metrics))
}
