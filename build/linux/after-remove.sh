#!/bin/sh
# After the files are gone: what after-install.sh made. An upgrade keeps it, since the new version makes it again.
set -e

if [ "$1" = upgrade ]; then exit 0; fi

for name in handshark handshark-cli; do
  if [ "$(readlink "/usr/bin/$name")" = "/opt/Handshark/$name" ]; then rm -f "/usr/bin/$name"; fi
done

if [ -f /etc/apparmor.d/handshark ]; then
  if [ -d /sys/kernel/security/apparmor ] && command -v apparmor_parser >/dev/null 2>&1; then
    apparmor_parser --remove /etc/apparmor.d/handshark || true
  fi
  rm -f /etc/apparmor.d/handshark
fi

if command -v update-mime-database >/dev/null 2>&1; then update-mime-database /usr/share/mime || true; fi
if command -v update-desktop-database >/dev/null 2>&1; then update-desktop-database -q /usr/share/applications || true; fi
if command -v gtk-update-icon-cache >/dev/null 2>&1; then gtk-update-icon-cache -q -t -f /usr/share/icons/hicolor || true; fi
exit 0
