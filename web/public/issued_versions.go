package public

import (
	"context"
	"sync"

	"github.com/insigne-badges/insigne/badges"
)

// maxVersions is how many badge versions are kept. One has some kilobytes, 100 kB at
// most.
const maxVersions = 500

// issuedVersions keeps badge versions that were issued from. They never change, and
// every document of an award needs one. The zero value is ready for use, by several
// goroutines too.
type issuedVersions struct {
	mu   sync.Mutex
	kept map[badges.VersionID]badges.Version
}

// get returns a version, which read reads if it is not kept.
func (v *issuedVersions) get(id badges.VersionID, read func() (badges.Version, error)) (badges.Version, error) {
	v.mu.Lock()
	version, ok := v.kept[id]
	v.mu.Unlock()
	if ok {
		return version, nil
	}
	version, err := read()
	if err != nil {
		return badges.Version{}, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.kept == nil || len(v.kept) >= maxVersions {
		v.kept = map[badges.VersionID]badges.Version{}
	}
	v.kept[id] = version
	return version, nil
}

// awardReader is the Reader for package credential, which asks only for versions that
// were issued from: a draft must not be kept, because it can still change.
type awardReader struct {
	Reader
	versions *issuedVersions
}

func (h *Handler) reader() awardReader { return awardReader{h.Store, &h.versions} }

// Version returns the version of an award.
func (r awardReader) Version(ctx context.Context, id badges.VersionID) (badges.Version, error) {
	return r.versions.get(id, func() (badges.Version, error) { return r.Reader.Version(ctx, id) })
}
