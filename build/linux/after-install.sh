#!/bin/sh
# After the files are in place: commands on the path, Chromium's sandbox, and the desktop's caches. No braces after a dollar sign: electron-builder would replace them.
set -e
folder=/opt/Handshark

for name in handshark handshark-cli; do
  ln -sf "$folder/$name" "/usr/bin/$name"
done

# Chromium uses user namespaces where users may make them, and this program elsewhere. Whether they may is not to be told from here (root always may), and may change.
chown root:root "$folder/chrome-sandbox"
chmod 4755 "$folder/chrome-sandbox"

# Ubuntu 24.04 and later allow user namespaces by AppArmor profile only. Older versions cannot read this one and do not need it.
profile="$folder/resources/apparmor-profile"
if [ -f "$profile" ] && command -v apparmor_parser >/dev/null 2>&1 && [ -d /etc/apparmor.d ]; then
  if apparmor_parser --skip-kernel-load --debug "$profile" >/dev/null 2>&1; then
    cp -f "$profile" /etc/apparmor.d/handshark
    if [ -d /sys/kernel/security/apparmor ]; then
      apparmor_parser --replace --write-cache --skip-read-cache /etc/apparmor.d/handshark || true
    fi
  fi
fi

if command -v update-mime-database >/dev/null 2>&1; then update-mime-database /usr/share/mime || true; fi
if command -v update-desktop-database >/dev/null 2>&1; then update-desktop-database -q /usr/share/applications || true; fi
if command -v gtk-update-icon-cache >/dev/null 2>&1; then gtk-update-icon-cache -q -t -f /usr/share/icons/hicolor || true; fi
exit 0
