use std::time::Duration;

use dharmagraph_auth::service::{Caller, Login, SignedIn};
use dharmagraph_auth::totp::TotpSecret;
use dharmagraph_auth::{Clock as _, Error, Refusal, Result, Secret};
use totp_rs::{Algorithm, Totp};

use crate::setup::{EMAIL, House, PASSWORD, login, refusal};

async fn login_with(house: &House, code: Option<&str>) -> Result<SignedIn> {
    let login = Login { totp: code.map(Secret::new), ..login(EMAIL, PASSWORD) };
    house.service.login(login, &Caller::default()).await
}
