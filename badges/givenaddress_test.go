package badges_test

import (
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

func TestGivenAddressEnds(t *testing.T) {
	g := badges.GivenAddress{GivenAt: noon}
	if got := g.Ends(); !got.Equal(noon.Add(24 * time.Hour)) {
		t.Errorf("ends %v", got)
	}
}
