package store_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// keyAsOfFifteen is a key of a database before migration 16, when keys had no
// purpose. It was made on a day of 2026 and signs from another.
type keyAsOfFifteen struct {
	id         string
	made, from int
}

func (k keyAsOfFifteen) insert(address string, sealed []byte) string {
	blob := fmt.Sprintf(`x'%x'`, sealed)
	if strings.HasPrefix(address, "postgres") {
		blob = fmt.Sprintf(`'\x%x'`, sealed)
	}
	at := func(day int) string { return startOf2026.AddDate(0, 0, day).Format("2006-01-02 15:04:05-07:00") }
	return fmt.Sprintf(`insert into signing_keys (id, private, created_at, signs_from) values ('%s', %s, '%s', '%s')`,
		k.id, blob, at(k.made), at(k.from))
}

var startOf2026 = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// TestKeyMigration migrates keys of an earlier version on a day. They keep
// their state, and the audit log has entries only for later changes.
func TestKeyMigration(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		keys  []keyAsOfFifteen
		day   int
		want  string
		audit []string
	}{
		{"no keys", nil, 0, "new current, new next", []string{"key_created", "key_created", "key_promoted"}},
		{"new", []keyAsOfFifteen{{"a", 0, 0}, {"b", 0, 90}}, 5, "a current, b next", nil},
		{"the second key signs", []keyAsOfFifteen{{"a", 0, 0}, {"b", 0, 90}, {"c", 91, 181}}, 95, "a previous, b current, c next", nil},
		{"the next key was used early", []keyAsOfFifteen{{"a", 0, 0}, {"b", 0, 40}, {"c", 41, 131}}, 42, "a previous, b current, c next", nil},
		{"a key is too old", []keyAsOfFifteen{{"a", 0, 0}, {"b", 0, 90}, {"c", 91, 181}}, 98, "b current, c next", []string{"a key_deleted"}},
		{"a key began while the service was off", []keyAsOfFifteen{{"a", 0, 0}, {"b", 0, 90}}, 95, "a previous, b current, new next", []string{"a key_retired", "b key_promoted", "key_created"}},
		{"two started at once", []keyAsOfFifteen{{"a", 0, 0}, {"b", 0, 0}, {"c", 0, 90}, {"d", 0, 90}}, 5, "b previous, a current, d next, c next", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			storetest.EachAddress(t, func(t *testing.T, address string) {
				cfg := storetest.Config(t, address)
				cfg.Now = func() time.Time { return startOf2026.AddDate(0, 0, tt.day) }
				var statements []string
				for _, k := range tt.keys {
					sealed, err := cfg.Secret.Seal(der, "signing_key/"+k.id)
					if err != nil {
						t.Fatal(err)
					}
					statements = append(statements, k.insert(address, sealed))
				}
				if err := store.OpenAt(t.Context(), cfg, 15, statements...); err != nil {
					t.Fatal(err)
				}
				s, err := store.Open(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = s.Close() }()
				ring := &keyring.Ring{Policy: keyring.ForLTI(), Rows: s, Secret: cfg.Secret, Now: cfg.Now}
				if err := ring.Rotate(t.Context()); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tt.want, describeKeys(t, ring, private)); diff != "" {
					t.Error(diff)
				}
				if diff := cmp.Diff(tt.audit, describeKeyAudit(t, s)); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// describeKeys lists keys and their states, the first to sign first. All keys
// except the given one are called new.
func describeKeys(t *testing.T, ring *keyring.Ring, old *rsa.PrivateKey) string {
	t.Helper()
	var list []string
	for _, k := range slices.Backward(storetest.Must(ring.Keys(t.Context()))(t)) {
		id := "new"
		if old.Equal(k.Private) {
			id = k.ID
		}
		list = append(list, id+" "+string(k.State))
	}
	return strings.Join(list, ", ")
}

func describeKeyAudit(t *testing.T, s *store.Store) []string {
	t.Helper()
	var list []string
	for _, e := range storetest.Must(s.AuditLog(t.Context(), badges.CourseKey{}, 100))(t) {
		id := e.Object + " "
		if len(e.Object) > 1 {
			id = "" // made by this version
		}
		list = append(list, id+string(e.Action))
	}
	slices.Sort(list)
	return list
}
