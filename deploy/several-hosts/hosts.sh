#!/bin/sh
# Hosts on one machine: network namespaces on a bridge. Needs root, ip (iproute2) and, to slow a host down, tc.
#
#   hosts.sh up NAME=ADDRESS...       make hosts, such as api1=10.77.0.21
#   hosts.sh run NAME COMMAND...      run a command on a host
#   hosts.sh cut NAME | heal NAME     take a host from the network and give it back
#   hosts.sh slow NAME | fast NAME    let only 32 KiB/s through to and from a host, or everything again
#   hosts.sh down NAME...             remove hosts, and the bridge with the last
set -eu

BRIDGE=topform0
GATEWAY=10.77.0.1/24
SLOW_RATE=256kbit

action=$1
shift
case "$action" in
  up)
    ip link show "$BRIDGE" >/dev/null 2>&1 || ip link add "$BRIDGE" type bridge
    ip address replace "$GATEWAY" dev "$BRIDGE"
    ip link set "$BRIDGE" up
    for host in "$@"; do
      name=${host%%=*} address=${host#*=}
      ip netns add "topform-$name"
      ip link add "tf-$name" type veth peer name "tf-$name-in"
      ip link set "tf-$name-in" netns "topform-$name"
      ip link set "tf-$name" master "$BRIDGE" up
      ip -n "topform-$name" address add "$address/24" dev "tf-$name-in"
      ip -n "topform-$name" link set "tf-$name-in" up
      ip -n "topform-$name" link set lo up
    done
    ;;
  run)
    name=$1
    shift
    exec ip netns exec "topform-$name" "$@"
    ;;
  cut) ip link set "tf-$1" down ;;
  heal) ip link set "tf-$1" up ;;
  slow)
    tc qdisc replace dev "tf-$1" root tbf rate "$SLOW_RATE" burst 16kb latency 2s
    tc -n "topform-$1" qdisc replace dev "tf-$1-in" root tbf rate "$SLOW_RATE" burst 16kb latency 2s
    ;;
  fast)
    tc qdisc delete dev "tf-$1" root
    tc -n "topform-$1" qdisc delete dev "tf-$1-in" root
    ;;
  down)
    for name in "$@"; do
      ip link delete "tf-$name" 2>/dev/null || true
      ip netns delete "topform-$name" 2>/dev/null || true
    done
    if [ -z "$(ip -o link show master "$BRIDGE" 2>/dev/null)" ]; then
      ip link delete "$BRIDGE" 2>/dev/null || true
    fi
    ;;
  *)
    sed -n '2,9p' "$0" >&2
    exit 2
    ;;
esac
