//! Several tasks at once.

use dharmagraph_cmdb::sync::TaskStatus;

use crate::script::{Listing, World, machine};

#[tokio::test]
async fn two_tasks_never_sync_one_scope_at_once() {
    let world = World::new();
    let gate = world.script.say_behind_gate("machines", Listing::Holds(vec![machine("i-1")]));
    let first = world.start().await;
    world.wait(&first.task_id, |task| task.progress.scopes_total == 1).await;
    let second = world.start().await;
    world.wait(&second.task_id, |task| task.progress.scopes_total == 1).await;
    assert_eq!(world.script.asked().len(), 1);
    gate.add_permits(1);
    assert_eq!(world.end(&first.task_id).await.created, 1);
    gate.add_permits(1);
    let second = world.end(&second.task_id).await;
    assert_eq!((second.created, second.unchanged), (0, 1));
    assert_eq!(world.script.asked().len(), 2);
}

#[tokio::test]
async fn a_task_that_waits_for_its_turn_can_be_cancelled() {
    let world = World::new();
    let gate = world.script.say_behind_gate("machines", Listing::Holds(vec![machine("i-1")]));
    let first = world.start().await;
    world.wait(&first.task_id, |task| task.progress.scopes_total == 1).await;
    let second = world.start().await;
    world.engine.cancel(&second.task_id).await.unwrap();
    assert_eq!(world.end(&second.task_id).await.status, TaskStatus::Cancelled);
    gate.add_permits(1);
    assert_eq!(world.end(&first.task_id).await.status, TaskStatus::Completed);
    assert_eq!(world.script.asked().len(), 1);
}
