package public_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
	"github.com/insigne-badges/insigne/web/webtest"
)

// countedReads counts the versions that are read from the store.
type countedReads struct {
	*store.Store
	versions map[badges.VersionID]int
}

func (c countedReads) Version(ctx context.Context, id badges.VersionID) (badges.Version, error) {
	c.versions[id]++
	return c.Store.Version(ctx, id)
}

// TestVersionsAreReadOnce asks for documents of two awards of a badge. The version is
// read once; what can change, such as the award and its issuer, is read each time.
func TestVersionsAreReadOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	reads := countedReads{s.Store, map[badges.VersionID]int{}}
	h := handler(s, webtest.Keys{})
	h.Store = reads
	router := mux.NewRouter()
	h.Mount(router)
	s.Serve(router)
	issuer, err := s.Store.Issuer(t.Context(), s.World.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Before", "After"} {
		issuer.Name = name
		storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.SaveIssuer(ctx, issuer)
			return err
		})
		a := s.MakeAwardFor(t, badges.UserID(name), webtest.Claimed)
		for _, form := range []string{".json", "/credential"} {
			answer := ask(s, http.MethodGet, pageOf(a.ID)+form, "")
			if answer.Status != http.StatusOK || form == "/credential" && !strings.Contains(answer.Body, name) {
				t.Errorf("%s answers %d: %s", form, answer.Status, answer.Body)
			}
		}
		if n := reads.versions[a.Version]; n != 1 {
			t.Errorf("the version was read %d times", n)
		}
	}
}
