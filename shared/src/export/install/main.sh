# ---- Main ----

FROM='' ROTATE='' AGAIN='' WITH_SECRETS='' EXISTS='' NEW='' GROUP='' URL='' IP='' INSTALLED='' TASK=install

while (($#)); do
  case $1 in
    --from)
      FROM=${2:?--from needs a URL}
      shift
      ;;
    --rotate) ROTATE=yes ;;
    --secrets) AGAIN=yes ;;
    --with-secrets) WITH_SECRETS=yes ;;
    --status) TASK=status ;;
    --show-secrets) TASK=show_secrets ;;
    --uninstall) TASK=uninstall ;;
    --help | -h) TASK=help ;;
    *) die "expected an option that --help knows, found $1" ;;
  esac
  shift
done

if [[ "$TASK" != help ]]; then
  check_tools
  use_region "$REGION"
  check_login
fi
"$TASK"
