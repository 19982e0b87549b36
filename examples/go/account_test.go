package account

import "testing"

// The user at all three providers in the built-in fixtures.
var alice = Person{
	Proficient: "u_Alice0000000000000000042",
	Pagecall:   "user-42",
	Conductor:  "end_usr_alice000000042",
}

func TestNothingOfAPersonIsLeft(t *testing.T) {
	s := newSandbox(t)
	if s.residues("alice@example.com", "user-42") == 0 {
		t.Fatal("Alice is there at first")
	}
	if err := Delete(s.providers, alice); err != nil {
		t.Fatal(err)
	}
	if left := s.residues("alice@example.com", "user-42"); left != 0 {
		t.Fatalf("%d residues are left", left)
	}
}

func TestNothingIsLeftAfterALostResponse(t *testing.T) {
	s := newSandbox(t)
	s.admin("POST", "/faults", map[string]any{
		"match":  map[string]any{"operation": "endUsers.delete"},
		"mode":   map[string]any{"times": 1},
		"effect": map[string]any{"fault": "reset"},
		"phase":  "after-commit",
	}, nil)
	if err := Delete(s.providers, alice); err != nil {
		t.Fatal(err)
	}
	var journal struct{ Requests []any }
	s.admin("GET", "/requests?operation=endUsers.delete", nil, &journal)
	if len(journal.Requests) != 2 {
		t.Fatalf("%d requests, want a DELETE and its repetition", len(journal.Requests))
	}
	if left := s.residues("alice@example.com", "user-42"); left != 0 {
		t.Fatalf("%d residues are left", left)
	}
}
