package admin

import (
	"context"
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/web/page"
)

// issuerKeys are the identity of an organisation and the state of its keys.
type issuerKeys struct {
	DID  string
	Sets []keySet // empty while the keys are not made yet
}

// keySet is the state of one set of keys.
type keySet struct {
	Algorithm keyring.Algorithm // end of a catalogue key
	Since     time.Time         // when the current key began to sign
	NextFrom  time.Time         // when the next key will begin; zero if it is not made yet
	Previous  int               // keys that signed before, which stay published
}

func (h *Handler) issuerKeys(ctx context.Context, issuer badges.IssuerID) (issuerKeys, error) {
	did, err := h.DID(issuer)
	if err != nil {
		return issuerKeys{}, err
	}
	keys, err := h.Issuers.Keys(ctx, string(issuer))
	return issuerKeys{DID: did, Sets: keySets(keys)}, err
}

// keySets returns the state of each set. The keys of a set follow each other.
func keySets(keys []keyring.Key) (sets []keySet) {
	for _, k := range keys {
		if len(sets) == 0 || sets[len(sets)-1].Algorithm != k.Algorithm {
			sets = append(sets, keySet{Algorithm: k.Algorithm})
		}
		set := &sets[len(sets)-1]
		switch k.State {
		case keyring.Next:
			set.NextFrom = k.SignsFrom
		case keyring.Current:
			set.Since = k.SignsFrom
		case keyring.Previous:
			set.Previous++
		default: // None: a key that is listed exists
		}
	}
	return sets
}

// makeIssuerKeys makes the keys of an organisation that was saved, if it has none. If
// that fails, the background work will make them; the organisation is saved already.
func (h *Handler) makeIssuerKeys(ctx context.Context, issuer badges.IssuerID) {
	if err := h.Issuers.Rotate(ctx, string(issuer)); err != nil {
		h.Log.ErrorContext(ctx, "keys of organisation not made", "request_id", page.RequestOf(ctx).ID, "error", err)
	}
}

// useNextIssuerKeys replaces all keys of an organisation now, because one may have
// leaked.
func (h *Handler) useNextIssuerKeys(w http.ResponseWriter, r *http.Request, _ page.AdminSession) error {
	p, err := h.pathPlatform(r)
	if err != nil {
		return err
	}
	issuer, err := h.Store.PlatformIssuer(r.Context(), p.ID, badges.IssuerID(mux.Vars(r)["issuer"]))
	if err != nil {
		return err
	}
	if err := h.Issuers.UseNext(r.Context(), string(issuer.ID)); err != nil {
		return err
	}
	return page.SeeOther(w, r, "/admin/platforms/"+string(p.ID)+"#issuers")
}
