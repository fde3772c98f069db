import Testing

@testable import Access

@Suite struct `A password's hash` {
    @Test func `matches its password and no other`() throws {
        let hash = try PasswordHash.quick("open sesame")
        #expect(hash.matches("open sesame"))
        #expect(!hash.matches("open sesame "))
        #expect(!hash.matches(""))
    }

    @Test func `is another one each time, because of its salt`() throws {
        #expect(try PasswordHash.quick("a").text != PasswordHash.quick("a").text)
    }

    @Test func `is read as it is written`() throws {
        let hash = try PasswordHash.quick("ümläut:with:colons")
        let read = try #require(PasswordHash(text: hash.text))
        #expect(read == hash)
        #expect(read.matches("ümläut:with:colons"))
    }

    @Test func `says what it cost, and not the password`() throws {
        let text = try PasswordHash.quick("secret").text
        #expect(text.hasPrefix("$scrypt$ln=2,r=1,p=1$"))
        #expect(!text.contains("secret"))
    }

    @Test func `of others with the usual form is understood`() {
        let text =
            "$scrypt$ln=4,r=8,p=1$c29kaXVtIGNobG9yaWRl$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKppr55h6F3A1lHkDfzwF7RVdYw"
        #expect(PasswordHash(text: text) != nil)
    }

    @Test(arguments: [
        "", "secret", "$scrypt$", "$scrypt$ln=2,r=1,p=1$", "$scrypt$ln=2,r=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
        "$bcrypt$ln=2,r=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
        // More than this node would spend.
        "$scrypt$ln=30,r=8,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
        "$scrypt$ln=20,r=8,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
        "$scrypt$ln=2,r=1,p=1000$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
        "$scrypt$ln=2,ln=2,r=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
        "$scrypt$ln=2,r=1,p=1$c2F?$aGFzaGhhc2hoYXNoaGFzaA", "$scrypt$ln=2,r=1,p=1$c2FsdHNhbHQ$aGFz",
    ])
    func `is nothing else`(text: String) {
        #expect(PasswordHash(text: text) == nil)
    }
}

@Suite struct `A file of users` {
    @Test func `gives back what was written`() throws {
        let accounts = [
            Account(identity: Identity(userID: "anna"), passwordHash: try .quick("a")),
            Account(
                identity: Identity(
                    userID: "100 %, #1",
                    groups: ["a b", "c,d"],
                    limits: .init(isWorker: false, topics: ["charge card", "50%"])
                ),
                passwordHash: try .quick("b")
            ),
            Account(
                identity: Identity(userID: "röbot", limits: .init(isWorker: true, topics: nil)),
                passwordHash: try .quick("c")
            ),
        ]
        let text = (["# users", ""] + accounts.map(UsersFile.line)).joined(separator: "\n") + "\n"
        let read = try UsersFile.accounts(in: text)
        #expect(read.count == 3)
        for account in accounts { #expect(read[account.identity.userID] == account) }
    }

    @Test(arguments: [
        ("anna", "hash"), ("anna secret", "hash"), ("anna HASH boss", "may come"), ("a%2 HASH", "hexadecimal"),
        ("a%FF HASH", "UTF-8"), ("a:b HASH", "colon"), ("anna HASH\nanna HASH", "twice"),
    ])
    func `names the line that is wrong, and no secret`(lines: String, reason: String) throws {
        let text = "# first\n" + lines.replacing("HASH", with: try PasswordHash.quick("x").text)
        let problem = #expect(throws: UsersFile.Problem.self) { try UsersFile.accounts(in: text) }
        #expect(problem?.line == (lines.contains("\n") ? 3 : 2))
        #expect(problem?.message.contains(reason) == true)
        #expect(problem?.description.contains("secret") == false)
    }
}
