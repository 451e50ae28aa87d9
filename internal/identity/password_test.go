package identity

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/access"
)

func TestCommonPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	for _, p := range []string{
		"", "kort", "elf tekens!", "wachtwoord123", "Wachtwoord2026!", "W@chtw00rd!!!!", "ditismijnwachtwoord", "password1234", "welkom2026!!",
		"Welkom01Welkom", "qwertyuiop12", "asdfghjkl123", "123456789012", "aaaaaaaaaaaa", "abababababab", "abcabcabcabc", "geheimgeheim1",
		"Heemstede2026!", "Zomer2026Zomer", "gemeenteraad1", "abcdefghijklm", "poiuytrewq098", "p.jansen-jansen", "jansen is de beste",
		strings.Repeat("é", 11), strings.Repeat("lang ", 41),
	} {
		if CheckPassword(p, "p.jansen@heemstede.nl") == nil {
			t.Errorf("%q is accepted", p)
		}
	}
	for _, p := range []string{
		"vier paarden op de dijk", "Vrolijke-Tuinslang-7", "kd8#mQ2vLp0z", "de raad eet op maandag soep", "ééntwéédriévíer", "x7Kq-pT4m-Zw9b",
		strings.Repeat("lange zin ", 10) + "met een eind",
	} {
		if err := CheckPassword(p, "p.jansen@heemstede.nl"); err != nil {
			t.Errorf("%q: %v", p, err)
		}
	}
}

func TestAHashIsOfItsPasswordAlone(t *testing.T) {
	t.Parallel()
	one, err := hash(t.Context(), "x", "vier paarden op de dijk")
	if err != nil || !strings.HasPrefix(one, "$argon2id$v=19$m=1024,t=2,p=1$") {
		t.Fatalf("%q, %v", one, err)
	}
	two, _ := hash(t.Context(), "x", "vier paarden op de dijk")
	if one == two {
		t.Error("two hashes of one password are the same: no salt")
	}
	for stored, want := range map[string]bool{
		one: true, two: true, "": false, "vier paarden op de dijk": false, one[:len(one)-4]: false,
		strings.Replace(one, "t=2", "t=3", 1): false, strings.Replace(one, "m=1024", "m=4000000", 1): false,
	} {
		if right, err := verify(t.Context(), "x", stored, "vier paarden op de dijk"); err != nil || right != want {
			t.Errorf("%q: %v, %v", stored, right, err)
		}
	}
}

// Not parallel: it counts.
func TestAnUnknownNameCostsAHash(t *testing.T) {
	for _, stored := range []string{"", "broken"} {
		before := computed.Load()
		if right, err := verify(t.Context(), "x", stored, "x"); right || err != nil {
			t.Fatalf("%v, %v", right, err)
		}
		if n := computed.Load() - before; n != 1 {
			t.Errorf("%q: %d hashes", stored, n)
		}
	}
	if nobody.params != cost {
		t.Errorf("nobody costs %+v, somebody %+v", nobody.params, cost)
	}
}

// Not parallel: it fills the queue.
func TestAFullQueueIsAClearFault(t *testing.T) {
	for range 2 {
		if err := queue.take(t.Context(), "x"); err != nil {
			t.Fatal(err)
		}
		defer queue.give()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := hash(ctx, "x", "vier paarden op de dijk"); !errors.Is(err, ErrBusy) {
		t.Errorf("%v", err)
	}
}

func TestIdleIsWhatAccessCallsIdle(t *testing.T) {
	t.Parallel()
	limit, err := time.ParseDuration(strings.Replace(idle, " minutes", "m", 1))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now()
	if (access.Actor{Account: "x", At: at, Confirmed: at.Add(-limit)}).MustConfirm() ||
		!(access.Actor{Account: "x", At: at, Confirmed: at.Add(-limit - time.Second)}).MustConfirm() {
		t.Errorf("access has another limit than %s", idle)
	}
}

func TestAnOriginIsAnAddressOrANetwork(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "::ffff:192.0.2.1": "192.0.2.1", "fe80::1%eth0": "fe80::/64",
	} {
		for _, token := range []string{"", "x"} {
			if got := Origin(netip.MustParseAddr(in), token); got != want || !addressed(got) {
				t.Errorf("%q: %q", in, got)
			}
		}
	}
	nowhere, one, other := Origin(netip.Addr{}, ""), Origin(netip.Addr{}, NewToken()), Origin(netip.Addr{}, NewToken())
	if nowhere == one || one == other || addressed(nowhere) || addressed(one) {
		t.Errorf("without an address: %q, %q and %q", nowhere, one, other)
	}
	if turnOf(nowhere, "a") == turnOf(nowhere, "b") || turnOf(one, "a") != turnOf(nowhere, "a") || turnOf("192.0.2.1", "a") != turnOf("192.0.2.1", "b") {
		t.Error("the turns are not those of an address, or of an account without one")
	}
}
