// Package account is the app under test: it deletes an account at three providers and retries what fails.
package account

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Provider says where a provider is, and the key for it.
type Provider struct{ BaseURL, Key string }

// Providers are the three at which a person may have an account.
type Providers struct{ Proficient, Pagecall, Conductor Provider }

// Person has the ids of a person at the providers.
type Person struct{ Proficient, Pagecall, Conductor string }

const attempts = 3

var client = http.Client{Timeout: 10 * time.Second}

// Delete deletes a person everywhere. Transient failures are retried; "not found" is success.
func Delete(at Providers, person Person) error {
	if err := remove(at.Proficient, "/users/"+person.Proficient); err != nil {
		return err
	}
	if err := remove(at.Pagecall, "/users/"+person.Pagecall); err != nil {
		return err
	}
	return remove(at.Conductor, "/end-users/"+person.Conductor)
}

func remove(at Provider, path string) (last error) {
	for range [attempts]struct{}{} {
		request, err := http.NewRequest(http.MethodDelete, at.BaseURL+path, nil)
		if err != nil {
			return err
		}
		request.Header.Set("Authorization", "Bearer "+at.Key)
		response, err := client.Do(request)
		if err != nil {
			last = err
			continue
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			last = err
			continue
		}
		// Pagecall returns 400 where the others return 404.
		if response.StatusCode < 300 || response.StatusCode == 404 || strings.Contains(string(body), "User not found.") {
			return nil
		}
		last = fmt.Errorf("DELETE %s returned %d: %s", at.BaseURL+path, response.StatusCode, body)
		if response.StatusCode < 500 {
			return last
		}
	}
	return last
}
