package connect

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/lti"
)

// TestRefusedLogins: the same are counted, the latest come first, and a flood of
// different ones neither grows nor holds long texts.
func TestRefusedLogins(t *testing.T) {
	var l refusedLogins
	start := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	unknown := &lti.Error{Reason: lti.RegistrationUnknown}
	note := func(n int, issuer string, err error) {
		l.note(start.Add(time.Duration(n)*time.Second), lti.LoginRequest{Issuer: issuer}, err)
	}
	note(1, "https://a.example", unknown)
	note(2, "https://b.example", unknown)
	note(3, "https://a.example", unknown)
	note(4, "https://b.example", fmt.Errorf("no database"))
	list := l.latest()
	if len(list) != 2 || list[0].Issuer != "https://a.example" || list[0].Times != 2 || !list[0].At.Equal(start.Add(3*time.Second)) || list[0].Fix != FixRegister {
		t.Errorf("remembered: %+v", list)
	}
	for n := range 100 {
		note(n, fmt.Sprint(n, strings.Repeat("x", 4000)), unknown)
	}
	list = l.latest()
	if len(list) != refusedLoginsKept || !strings.HasPrefix(list[0].Issuer, "99") || len(list[0].Issuer) > 200 {
		t.Errorf("after a flood: %d, the latest %.300q", len(list), list[0].Issuer)
	}
}
