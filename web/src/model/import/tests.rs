use expect_test::{Expect, expect};

use super::*;
use crate::model::draft::Row;

/// What is taken of a text as that kind, and what is not.
fn seen(taken: &Taken) -> String {
    let mut seen = format!("{}\n", summary(taken));
    let rows = |path: &str| -> String {
        let row = |row: &Row| {
            let value = if row.secret { "(secret)".into() } else { format!("{:?}", row.value) };
            format!("  {} = {value}\n", row.name)
        };
        taken.draft.rows(path).iter().map(row).collect()
    };
    seen += &rows("build.args");
    seen += &rows("run.env");
    for path in ["run.volumes", "run.extra_ports"] {
        seen += &taken.draft.text(path).lines().map(|line| format!("  {line}\n")).collect::<String>();
    }
    for (kind, remarks) in [("left", &taken.left), ("note", &taken.notes)] {
        for Remark { line, what, why } in remarks {
            seen += &format!("{line}: {kind}: {what} {why}\n");
        }
    }
    seen
}

#[track_caller]
fn check(kind: Kind, text: &str, expected: &Expect) {
    assert_eq!(detect(text), kind, "it is recognized");
    expected.assert_eq(&seen(&read(kind, text, "")));
}

#[test]
fn a_docker_run_line_with_all_that_fits() {
    check(
        Kind::DockerRun,
        "$ sudo docker run -d --name my_app \\\r\n>  -p 127.0.0.1:53:53/udp -p 80:3000 --publish=9000:9001 \\\r\n  -e GREETING='hello world' --env=LOG=\"$LEVEL\" -eN=1 -e DB_PASSWORD -v data:/data -v logs:/logs:ro \\\n --mount type=bind,src=/srv/x,dst=/x,readonly --health-cmd 'curl -f http://localhost:3000/health || exit 1' usil/foo:latest;\n",
        &expect![[r#"
            app name my_app, port 3000, 4 variables, health path /health, 3 volumes, 1 extra port
              GREETING = "hello world"
              LOG = "$LEVEL"
              N = "1"
              DB_PASSWORD = (secret)
              data:/data
              logs:/logs:ro
              /srv/x:/x:ro
              9000:9001
            1: left: --detach is what pushbox does anyway: an app runs in the background
            2: left: 127.0.0.1:53:53/udp is for the box alone, and pushbox publishes ports to everybody; leave it out
            4: left: usil/foo:latest is the image; pushbox builds its own from the repository's Dockerfile
            3: note: LOG is kept as written: nothing is put in the place of its $
        "#]],
    );
}

#[test]
fn a_docker_run_line_with_all_that_does_not_fit() {
    check(
        Kind::DockerRun,
        "docker container run -it --rm --restart=always \\\n  --network=host --env-file .env -e HOME -P \\\n  -p 8000-8010:8000-8010 -p 70000:80 -p 443:443 -p 3000 \\\n -v ./data:/data -v /cache --tmpfs /x -v a:/a:z --name My.App --privileged -m 1g -p\\\n 81:81 image npm start # why\ndocker stop x && docker run other",
        &expect![[r#"
            port 3000, 1 extra port
              81:81
            1: left: --interactive needs a terminal, and the box has none
            1: left: --tty needs a terminal, and the box has none
            1: left: --rm is pushbox's own business: it restarts the app, and removes what is old
            1: left: --restart always is pushbox's own business: it restarts the app, and removes what is old
            2: left: --network host has no place here: pushbox publishes one port of its own; leave it out
            2: left: --env-file .env names a file, which cannot be read here; paste or drop what is in it
            2: left: HOME has no value here; docker would take it from your shell
            2: left: --publish-all names no port of the box; pushbox publishes the app's port and the extra ports
            3: left: 8000-8010:8000-8010 is a range; publish its ports one by one
            3: left: 70000:80 expected ports as 80:3000 or 53:53/udp, each from 1 to 65535
            3: left: 443:443 is served by pushbox itself once the app has a domain
            4: left: ./data:/data is a folder of your machine; give it a name, or a path of the box that begins with /
            4: left: /cache has no name, so each deploy would begin with an empty one; write cache:/cache
            4: left: --tmpfs /x has no place in pushbox
            4: left: a:/a expected name:/path/in/container or /path/on/box:/path/in/container, with :ro at the end if wanted, found "a:/a"
            4: left: My.App expected at most 40 lower-case letters and digits, with single - or _ between them, found "My.App"
            4: left: --privileged has no place here: pushbox gives a container docker's usual rights
            4: left: --memory 1g has no place here: the app has the box for itself
            5: left: image is the image; pushbox builds its own from the repository's Dockerfile
            5: left: npm start is the container's command; put it into the Dockerfile as CMD
            6: left: docker stop x is no docker run; choose "a user-data script" above to read it as a part of one
            6: left: docker run other is another container; pushbox runs one
            4: note: a:/a:z is taken without z, which pushbox does not set
        "#]],
    );
    check(
        Kind::DockerRun,
        "docker run -e 'A=<<B\n' x",
        &expect![[r#"
        1 variable
          A = "<<B\n"
        2: left: x is the image; pushbox builds its own from the repository's Dockerfile
    "#]],
    );
    check(
        Kind::DockerRun,
        "podman run -p",
        &expect![[r#"

        1: left: --publish has nothing behind it
    "#]],
    );
    check(
        Kind::DockerRun,
        "docker run -p 8080:80 -e 'A=b\nnginx\n",
        &expect![[r#"

        1: left: docker run -p 8080:80 -e 'A=b opens a quote ' that never closes; close it
        2: left: nginx is no docker run; choose "a user-data script" above to read it as a part of one
    "#]],
    );
}

#[test]
fn a_compose_file_of_several_services() {
    let text = "# compose
version: \"3.8\"
services:
  db:
    image: postgres:16
  web: # the app
    build:
      context: ./app
      dockerfile: deploy/Dockerfile
      target: prod
      args: { A: 1, B: \"two # words\" }
    image: usil/web
    container_name: web_app
    restart: unless-stopped
    depends_on: [db]
    env_file: .env
    ports:
      - \"80:${PORT:-3000}\"
      - target: 53
        published: 53
        protocol: udp
      - ${OTHER}:1
    environment:
      - LOG=info
      - API_TOKEN=${API_TOKEN}
      - HOST
      - PRICE=5$$
      - URL=$BASE/x
    volumes: [ 'data:/data', \"./src:/src\" ]
    healthcheck:
      test: [\"CMD\", \"curl\", \"-f\",
        \"http://localhost:3000/ready\"]
      interval: 5s
    command: |
      npm
      start
    networks:
      - front
    secrets: [key]
volumes:
  data:
";
    check(
        Kind::Compose,
        text,
        &expect![[r#"
            app name web_app, dockerfile app/deploy/Dockerfile, build context app, build stage prod, 2 build arguments, port 3000, 3 variables, health path /ready, 1 volume, 1 extra port
              A = "1"
              B = "two # words"
              LOG = "info"
              API_TOKEN = (secret)
              PRICE = "5$"
              data:/data
              53:53/udp
            2: left: version says nothing any more, not to docker either
            4: left: db is another container, and pushbox runs one; choose it above to take it instead
            12: left: image names the image; pushbox names it after its commit
            14: left: restart: unless-stopped is pushbox's own business: it restarts the app, and removes what is old
            15: left: depends_on is another container, and pushbox runs one
            16: left: env_file .env names a file, which cannot be read here; paste or drop what is in it
            22: left: ${OTHER}:1 takes its value from your shell or from a .env file; write it out
            26: left: HOST has no value here; docker would take it from your shell
            28: left: URL=$BASE/x takes its value from your shell or from a .env file; write it out
            29: left: ./src:/src is a folder of your machine; give it a name, or a path of the box that begins with /
            33: left: interval: 5s is for docker's own check; pushbox asks until "Health timeout" has passed
            34: left: command: | is a text of several lines, which is not understood here; write it in quotes in one line
            37: left: networks has no place here: pushbox publishes one port of its own; leave it out
            39: left: secrets is for files in the container; mark a variable secret instead
            40: left: volumes is not needed: docker makes a volume when it is first used
            18: note: 80:${PORT:-3000} is taken as 80:3000
        "#]],
    );
    let taken = read(Kind::Compose, text, "");
    assert_eq!((taken.choices, taken.chosen), (vec!["db".into(), "web".into()], "web".into()));
    expect![[r#"

        2: left: version says nothing any more, not to docker either
        5: left: image: postgres:16 is the image; pushbox builds its own from the repository's Dockerfile"#]]
    .assert_eq(&seen(&read(Kind::Compose, text, "db")).lines().take(3).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_part_of_a_compose_file() {
    check(
        Kind::Compose,
        "web:\n  build: .\n  environment:\n    A: b\n    EMPTY: \"\"\n    ON: true\n    DB_PASSWORD:\n  ports: [3000]\n",
        &expect![[r#"
            port 3000, 4 variables
              A = "b"
              EMPTY = ""
              ON = "true"
              DB_PASSWORD = (secret)
        "#]],
    );
    check(
        Kind::Compose,
        "build: https://github.com/usil/foo.git#main:app\nenvironment:\n- A=b\n",
        &expect![[r#"
            repository URL https://github.com/usil/foo.git, 1 variable
              A = "b"
            1: left: #main:app is a part of an address of docker's; fill in branch and context in the form
        "#]],
    );
    check(
        Kind::Compose,
        "services:\n",
        &expect![[r#"

            1: left: services has no service below it; expected the app, as in web: with its build: below
        "#]],
    );
    check(
        Kind::Compose,
        "x-base: &base\n  restart: always\nservices:\n  web:\n    <<: *base\n    build: .\n   ports: [80]\n    environment: {A: 'b\n",
        &expect![[r#"

            1: left: x-base is for other programs
            5: left: <<: *base repeats another part of the file, which is not understood here; write it out
            7: left: ports: [80] is not indented as the lines before it
            8: left: environment: {A: 'b is not indented as the lines before it
        "#]],
    );
}

#[test]
fn a_dockerfile() {
    check(
        Kind::Dockerfile,
        "# syntax=docker/dockerfile:1\nFROM node:24 AS build\nARG VERSION=1.0\nARG NPM_TOKEN=abc\nARG COMMIT\nRUN npm ci && \\\n    # a comment\n    npm run build\nCOPY <<EOF /etc/x\nEXPOSE 1\nEOF\nfrom node:24\nENV NODE_ENV=production \\\n    A=\"b c\"\nENV OLD the old form\nEXPOSE 8080/tcp 53/udp\nEXPOSE 9000\nVOLUME /data\nHEALTHCHECK --interval=5s CMD wget -q -O- http://127.0.0.1:8080/health?full || exit 1\nUSER node\nCMD [\"node\", \"x\"]\n",
        &expect![[r#"
            1 build argument, port 8080, health path /health?full
              VERSION = "1.0"
            2: left: AS build is a stage; name it under "Build stage" to stop the build there
            4: left: ARG NPM_TOKEN=abc looks like a secret, and build arguments end up in the image's history; read it where the app runs
            5: left: ARG COMMIT has no default; add it to the build arguments if the build needs it
            6: left: CMD, COPY, RUN, USER stays in the Dockerfile, which the box builds
            13: left: ENV NODE_ENV=production is in the image already; add it to the variables only to change it
            13: left: ENV A=b c is in the image already; add it to the variables only to change it
            15: left: ENV OLD=the old form is in the image already; add it to the variables only to change it
            16: left: EXPOSE 53/udp is published only if you add 53:53/udp to the extra ports
            17: left: EXPOSE 9000 is published only if you add 9000:9000 to the extra ports
            18: left: VOLUME /data would be lost with each version; name it in the volumes, as in data:/data, to keep it
            19: left: --interval=5s is for docker's own check; pushbox asks until "Health timeout" has passed
        "#]],
    );
    check(
        Kind::Dockerfile,
        "FROM x\nENV PORT=4000\nEXPOSE $PORT\nHEALTHCHECK CMD [\"curl\", \"-f\", \"http://localhost/up\"]\nHEALTHCHECK NONE\nHEALTHCHECK CMD pg_isready\n",
        &expect![[r#"
            port 4000, health path /up
            3: left: EXPOSE $PORT is no port from 1 to 65535
            5: left: HEALTHCHECK NONE cannot be: a new version serves only after it has answered
            6: left: pg_isready asks for no path of the app with curl or wget; pushbox's health check is such a request
            2: note: ENV PORT=4000 is taken for the port, because there is no EXPOSE
        "#]],
    );
}

/// A script of the kind that pushbox replaces, with its usual errors.
const SCRIPT: &str = r#"#!/bin/bash
set -e
# Docker
sudo apt-get update -y
sudo add-apt-repository "deb [arch=amd64] https://download.docker.com/linux/ubuntu bionic stable"
curl -fsSL https://download.docker.com/linux/ubuntu/gpg | sudo apt-key add -
export TAG=latest
PORT=5000; URL="https://github.com/usil/shop.git"
cat <<'EOF' > /etc/docker/daemon.json
{"it's": "x"}
EOF
docker stop $(docker ps -aq)
docker rmi $(docker images -q)
if [ ! -d /srv/shop ]; then
  git clone --depth 1 -b release $URL /srv/shop
fi
cd /srv/shop/api && docker build --no-cache -t shop_api -f Dockerfile.prod --build-arg REV=7 .
docker run -it --name shop_api -p 80:${PORT} -e MODE=live -e "TITLE=Our shop" shop_api
docker run -d redis
"#;

#[test]
fn an_old_user_data_script() {
    check(
        Kind::Script,
        SCRIPT,
        &expect![[r#"
            app name shop_api, repository URL https://github.com/usil/shop.git, branches and tags refs/heads/release, dockerfile api/Dockerfile.prod, build context api, 1 build argument, port 5000, 2 variables
              REV = "7"
              MODE = "live"
              TITLE = "Our shop"
            2: left: set -e is for the script itself; pushbox has its own
            4: left: apt-get update -y installs something; pushbox installs docker and git, and an app's own packages belong into its Dockerfile
            5: left: add-apt-repository deb [arch=amd64] https://download.docker.… installs something; pushbox installs docker and git, and an app's own packages belong into its Dockerfile
            6: left: curl -fsSL https://download.docker.com/linux/ubuntu/gpg has no place in pushbox: the box does what is in the Dockerfile
            6: left: apt-key add - installs something; pushbox installs docker and git, and an app's own packages belong into its Dockerfile
            7: left: TAG=latest is a variable of the script, which the app does not see; add it to the variables if the app needs it
            8: left: PORT=5000 is a variable of the script, which the app does not see; add it to the variables if the app needs it
            8: left: URL=https://github.com/usil/shop.git is a variable of the script, which the app does not see; add it to the variables if the app needs it
            9: left: cat <<'EOF' > /etc/docker/daemon.json writes a file on the box; pushbox writes none, so put it into the repository
            12: left: docker stop $(docker ps -aq) cleans up; pushbox replaces a version when the next one has answered, and removes what is old
            13: left: docker rmi $(docker images -q) cleans up; pushbox replaces a version when the next one has answered, and removes what is old
            14: left: [ ! -d /srv/shop ] has no place in pushbox: the box does what is in the Dockerfile
            15: left: --depth 1 is pushbox's own business: it fetches the one commit that it needs
            17: left: --no-cache has no place here: pushbox builds with the layers that it has
            17: left: -t shop_api is pushbox's own business: it names an image after its commit
            18: left: --interactive needs a terminal, and the box has none
            18: left: --tty needs a terminal, and the box has none
            18: left: shop_api is the image; pushbox builds its own from the repository's Dockerfile
            19: left: docker run -d redis is another container; pushbox runs one
        "#]],
    );
    check(
        Kind::Script,
        "git clone git@github.com:usil/foo.git\ndocker build ./foo/sub\ngit checkout 0123456789\necho 'it is not closed\ndocker run -p 80:80 foo &\n",
        &expect![[r#"
            repository URL git@github.com:usil/foo.git, access deploy-key, build context sub, port 80
            3: left: 0123456789 is a commit; pushbox deploys the head of a branch
            4: left: echo 'it is not closed opens a quote ' that never closes; close it
            5: left: foo is the image; pushbox builds its own from the repository's Dockerfile
        "#]],
    );
}

#[test]
fn variables_alone() {
    check(
        Kind::Env,
        "export A=b;\r\n# no\r\nC = 'd e'\r\nnonsense\r\n",
        &expect![[r#"
        2 variables
          A = "b"
          C = "d e"
        4: left: "nonsense" has no NAME=value
    "#]],
    );
    assert_eq!(detect("DATABASE_URL=postgres://db/x#y\nA=1"), Kind::Env);
    assert_eq!(detect("-e A=1 -e B=2"), Kind::Env);
}

#[test]
fn a_link_and_a_config() {
    check(
        Kind::Link,
        "https://example.org/p/#v=1&run.port=80&run.env.A=b&colour=red\n",
        &expect![[r#"
        port 80, 1 variable
          A = "b"
        1: left: colour is not a field, so it was left out
    "#]],
    );
    check(
        Kind::Config,
        "\u{feff}{\r\n \"app\": \"a\",\r\n \"colour\": 1,\r\n \"run\": {\"port\": 8080}}",
        &expect![[r#"
            app name a, port 8080
            1: left: repo.url is missing; paste the address you would give to git clone
            3: left: colour is not a field; `pushbox help config` lists all of them
        "#]],
    );
    check(
        Kind::Config,
        "{\"app\": ",
        &expect![[r#"

        1: left: pushbox.json is not JSON: EOF while parsing a value at line 1 column 8; check commas, quotes and brackets there
    "#]],
    );
}

#[test]
fn every_kind_has_a_name_of_its_own() {
    for one in Kind::ALL {
        let same = |two: &&Kind| two.id() == one.id() || two.label() == one.label();
        assert_eq!(Kind::ALL.iter().filter(same).count(), 1);
    }
}
