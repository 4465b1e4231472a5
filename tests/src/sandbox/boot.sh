#!/bin/bash
# Process 1 of a box that boots, in namespaces of its own. When it ends, which it does when standard input ends, so does
# every process of the box, as if its power was cut.
set -Eeuo pipefail
cd "$1"
host=$2 control_group=$3
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# This /proc is still that of the whole machine, and so is the number: by it the test finds its way in.
read -r pid _ </proc/self/stat
echo "${pid}"

hostname ip-10-0-0-10
ip link set lo up
# The kernel takes its time to clear away the end of a former boot.
nsenter "--net=/proc/${host}/ns/net" ip link delete box &>/dev/null || true
ip link add eth0 type veth peer name box netns "/proc/${host}/ns/net"
ip address add 10.0.0.10/24 dev eth0
ip link set eth0 up
nsenter "--net=/proc/${host}/ns/net" ip address add 10.0.0.1/24 dev box
nsenter "--net=/proc/${host}/ns/net" ip link set box up
ip route add default via 10.0.0.1

mount -t proc proc root/proc
mount -t sysfs sysfs root/sys
mount --rbind /sys/fs/cgroup root/sys/fs/cgroup
# What this machine is must not show: the box's own dmidecode says what an instance is.
if [[ -d root/sys/class/dmi ]]; then
  mount -t tmpfs tmpfs root/sys/class/dmi
fi
mount -t tmpfs tmpfs root/run
mount -t tmpfs tmpfs root/tmp
mount -t tmpfs tmpfs root/dev
for device in null zero full random urandom tty; do
  touch "root/dev/${device}"
  mount --bind "/dev/${device}" "root/dev/${device}"
done
ln -s /proc/self/fd root/dev/fd
# The serial console; GetConsoleOutput would give it.
touch console root/dev/console
mount --bind console root/dev/console

cd root
pivot_root . mnt
umount --lazy /mnt

# As systemd would: it is up when this ends. A package that brings docker later keeps this file and calls it.
cat >/etc/init.d/docker <<END
#!/bin/bash
setsid --fork dockerd --cgroup-parent=${control_group} </dev/null &>>/var/log/docker.log
for _ in {1..600}; do
  if timeout 5 docker version &>/dev/null; then
    exit 0
  fi
  sleep 0.1
done
docker version >/dev/null
END
chmod 0755 /etc/init.d/docker
printf 'DPkg::Options { "--force-confold"; };\n' >/etc/apt/apt.conf.d/90sandbox
if [[ -x /usr/bin/docker ]]; then
  /etc/init.d/docker start
fi

for unit in /etc/systemd/system/multi-user.target.wants/pushbox*; do
  if [[ -e "${unit}" ]]; then
    systemctl start "${unit##*/}"
  fi
done
echo up
read -r _ || true
