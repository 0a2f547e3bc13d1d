package public

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/mux"
	"golang.org/x/sync/singleflight"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
)

// statusList serves a signed status list, which says which credentials were revoked or
// have a message (Bitstring Status List 1.0).
func (h *Handler) statusList(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Store.StatusList(r.Context(), badges.StatusListID(mux.Vars(r)["list"]))
	if err != nil {
		return err
	}
	d := document{mediaType: offered(r, typeCredential, typeCredential2, typeLinkedData, typeJSON, typeVCJWT, typeJWT), fresh: credential.StatusFresh, varies: true}
	if silent(r) {
		d.mediaType = typeVCJWT // such verifiers read a list in this form only
	}
	sign := h.Documents.StatusList
	if isJWT(d.mediaType) {
		sign = h.Documents.StatusListJWT
	}
	key, err := h.Documents.StatusKey(r.Context(), list.Issuer, isJWT(d.mediaType))
	if err != nil {
		return err
	}
	form := listForm{list.ID, isJWT(d.mediaType)}
	d.body, err = h.lists.get(r.Context(), form, listContent{list.Version, key}, func(ctx context.Context) ([]byte, error) {
		set, err := h.Store.StatusBits(ctx, list.ID)
		if err != nil {
			return nil, err
		}
		return sign(ctx, list, set)
	})
	if err != nil {
		return err
	}
	return d.write(w, r)
}

// maxLists is how many signed lists are kept. A list has about 16 kB at most.
const maxLists = 64

// signedLists keeps signed status lists until they or the key change, because making one
// takes some milliseconds. The zero value is ready for use, by several goroutines too.
type signedLists struct {
	mu     sync.Mutex
	kept   map[listForm]signedList
	making singleflight.Group
}

// listForm is a list in one of its two forms.
type listForm struct {
	id  badges.StatusListID
	jwt bool
}

// listContent is what the bytes of a signed list depend on.
type listContent struct {
	version int
	key     string // that signs it
}

type signedList struct {
	content listContent
	body    []byte
}

// listDeadline is how long reading and signing a list may take.
const listDeadline = 10 * time.Second

// get returns the signed list, which sign makes if the kept one has other content.
// Several requests for it make it once.
func (s *signedLists) get(ctx context.Context, form listForm, content listContent, sign func(context.Context) ([]byte, error)) ([]byte, error) {
	s.mu.Lock()
	kept, ok := s.kept[form]
	s.mu.Unlock()
	if ok && kept.content == content {
		return kept.body, nil
	}
	body, err, _ := s.making.Do(fmt.Sprint(form, content), func() (any, error) {
		// Others may wait for the list, so it does not end with this request.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), listDeadline)
		defer cancel()
		body, err := sign(ctx)
		if err == nil {
			s.keep(form, signedList{content, body})
		}
		return body, err
	})
	if err != nil {
		return nil, err
	}
	return body.([]byte), nil
}

func (s *signedLists) keep(form listForm, list signedList) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil || len(s.kept) >= maxLists {
		s.kept = map[listForm]signedList{}
	}
	s.kept[form] = list
}
