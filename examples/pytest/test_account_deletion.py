"""Account deletion: nothing of the person is left, also after a lost response."""

from delete_account import ALICE, delete_account


def test_nothing_of_a_person_is_left(sandbox):
    assert sandbox.residues("alice@example.com", "user-42") != []
    delete_account(sandbox.providers, ALICE)
    assert sandbox.residues("alice@example.com", "user-42") == []


def test_nothing_is_left_after_a_delete_whose_response_was_lost(sandbox):
    sandbox.add_fault(
        match={"operation": "endUsers.delete"},
        mode={"times": 1},
        effect={"fault": "reset"},
        phase="after-commit",
    )
    delete_account(sandbox.providers, ALICE)
    assert len(sandbox.requests("endUsers.delete")) == 2, "it was retried"
    assert sandbox.residues("alice@example.com", "user-42") == []


def test_a_permanent_failure_leaves_the_person_at_one_provider(sandbox):
    sandbox.add_fault(match={"operation": "endUsers.delete"}, mode="always", effect={"status": 500})
    try:
        delete_account(sandbox.providers, ALICE)
    except RuntimeError as error:
        assert "returned 500" in str(error)
    else:
        raise AssertionError("the failure is reported")
    assert {residue["provider"] for residue in sandbox.residues("alice@example.com")} == {"conductor"}
