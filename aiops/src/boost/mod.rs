//! Gradient-boosted trees on histograms: the learner behind the failure and threat models.
//!
//! The method is that of LightGBM (Ke et al., NeurIPS 2017) with the regularised gain of XGBoost (Chen and Guestrin, KDD 2016):
//! features are put into 255 bins and one for missing values, trees grow leaf by leaf, and of two children only the smaller
//! one's histogram is summed. Sums are integers here, so they are exact whatever their order: the same data and seed give the
//! same model, to the byte.
//!
//! [`Parameters`] are checked into [`Boosting`], which fits [`Examples`] into a [`Booster`]; an [`Explainer`] made from it tells
//! what each feature contributed to a score.

mod bins;
mod booster;
mod examples;
mod explain;
mod fit;
mod forest;
mod grow;
mod histogram;
mod loss;
mod math;
mod matrix;
mod parameters;
mod rows;
mod split;

pub use booster::Booster;
pub use examples::Examples;
pub use explain::Explainer;
pub use loss::Loss;
pub(crate) use math::{exp, sigmoid};
pub use parameters::{Boosting, Monotone, Parameters};
