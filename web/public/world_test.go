package public_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
	"github.com/insigne-badges/insigne/web/public"
	"github.com/insigne-badges/insigne/web/webtest"
)

// newSite returns a site with a badge that has a ready-made picture.
func newSite(t *testing.T) *webtest.Site {
	t.Helper()
	return newSiteWith(t, webtest.Keys{})
}

func newSiteWith(t *testing.T, keys credential.Keys) *webtest.Site {
	t.Helper()
	s := webtest.NewSite(t)
	s.Mount(handler(s, keys))
	picked, err := s.Library.All()[0].Picture()
	if err != nil {
		t.Fatal(err)
	}
	content := s.World.Badge.Current.Content
	content.Picture = badges.PictureHash(picked.Hash)
	storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) (err error) {
		if err := tx.SavePicture(ctx, picked); err != nil {
			return err
		}
		s.World.Badge, err = tx.EditBadge(ctx, s.World.Course, s.World.Badge.ID, content, "3")
		return err
	})
	return s
}

func handler(s *webtest.Site, keys credential.Keys) *public.Handler {
	return &public.Handler{
		Renderer: s.Gates.Renderer, Views: s.Views, Store: s.Store, Links: s.Links, ReadyMade: s.Library,
		Documents: credential.NewDocuments(s.Links, s.Gates.Templates, keys), Hosts: s.Hosts,
	}
}

// pageOf returns the path of an award's public page.
func pageOf(id badges.AssertionID) string { return "/v/" + string(id) }

// unknownID is an id that no award has.
const unknownID = badges.AssertionID("00000000-0000-4000-8000-000000000000")

// getAs requests a media type.
func getAs(s *webtest.Site, path, accept string) webtest.Answer {
	return ask(s, http.MethodGet, path, accept)
}

// payload returns the payload of a signed document.
func payload(t *testing.T, token string) string {
	t.Helper()
	_, rest, _ := strings.Cut(token, ".")
	encoded, _, _ := strings.Cut(rest, ".")
	text, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
