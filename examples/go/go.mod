module understudy.example/account

go 1.21
