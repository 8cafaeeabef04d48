/** Tiếng Việt (Vietnamese): the causes' words by id, in the order of the catalogue. */
import type { CauseWords } from '../model/cause.ts';

export const causes: Readonly<Record<string, CauseWords & { readonly test: string }>> = {
  'settings.user-name-form': {
    title: 'Tên đăng nhập không đúng dạng',
    meaning:
      'Máy chủ ghi tên tài khoản theo dạng khác: cần địa chỉ email đầy đủ nhưng mới có phần trước dấu @, hoặc ngược lại. Mật khẩu có thể vẫn đúng.',
    fix: [
      'Nhập địa chỉ email đầy đủ làm tên đăng nhập, ví dụ name@example.com.',
      'Xóa dấu cách ở đầu và cuối tên đăng nhập.',
      'Dùng địa chỉ chính của tài khoản, không dùng bí danh (alias).',
      'Nếu máy chủ là của bạn và không phân biệt tên miền, chỉ nhập phần trước dấu @.',
      'Hỏi quản trị viên hoặc nhà cung cấp xem tài khoản có tên đăng nhập là gì.',
    ],
    test: 'Đăng nhập một lần bằng địa chỉ email đầy đủ: nếu được thì sai ở dạng tên đăng nhập, không phải ở mật khẩu.',
  },
  'settings.host-misspelled': {
    title: 'Tên máy chủ bị gõ sai',
    meaning: 'Không có máy chủ nào mang tên này, trong khi có một máy chủ thư đã biết chỉ khác một hai ký tự: {instead}.',
    fix: [
      'Sửa tên máy chủ thành {instead}.',
      'So từng ký tự trong tên với trang trợ giúp của nhà cung cấp.',
      'Xóa phần thừa trước và sau tên, như https://, dấu cách hay dấu gạch chéo.',
    ],
    test: 'Tra tên máy chủ gần giống nhất mà nhà cung cấp công bố: nếu tên đó có mà tên này không có thì tên đã bị gõ sai.',
  },
  'settings.wrong-server': {
    title: 'Tài khoản nằm trên máy chủ khác',
    meaning:
      'Máy chủ có trả lời, nhưng tài khoản này thuộc nhà cung cấp, trung tâm dữ liệu hoặc gói dịch vụ khác, nên mật khẩu nào cũng không đăng nhập được ở đây.',
    fix: [
      'Dùng đúng máy chủ của tài khoản: {instead}.',
      'Đăng nhập webmail rồi xem tên máy chủ trong trang cài đặt của chính tài khoản; tên này tùy theo trung tâm dữ liệu và gói dịch vụ.',
      'Nếu tên miền đã chuyển sang nhà cung cấp khác, thay tên máy chủ cũ trên mọi thiết bị.',
      'Hỏi quản trị viên tên miền xem các hộp thư đang nằm ở đâu.',
    ],
    test: 'Đăng nhập trang web của nhà cung cấp mà bản ghi MX của tên miền trỏ tới: nếu mật khẩu dùng được ở đó thì máy chủ ở đây không đúng.',
  },
  'settings.address-misspelled': {
    title: 'Địa chỉ email bị gõ sai',
    meaning: 'Tên miền của địa chỉ không nhận thư, trong khi có một tên miền thư đã biết chỉ khác một hai ký tự: {instead}.',
    fix: ['Sửa phần sau dấu @ thành {instead}.', 'So từng ký tự của địa chỉ với địa chỉ trong một thư cũ.'],
    test: 'Tra bản ghi MX của tên miền này và của tên miền gần giống: nếu chỉ tên miền kia có thì địa chỉ đã bị gõ sai.',
  },
  'settings.no-mail-service': {
    title: 'Tên miền của địa chỉ không có dịch vụ thư',
    meaning:
      'Không có máy chủ thư nào được công bố cho phần sau dấu @: tên miền không tồn tại, không có bản ghi MX, hoặc tuyên bố không nhận thư.',
    fix: [
      'So từng ký tự phần sau dấu @ với địa chỉ trong một thư cũ.',
      'Nếu tên miền là của bạn, kiểm tra xem nó còn được đăng ký và đã có bản ghi MX chưa.',
      'Tự chỉ định máy chủ bằng --host nếu tài khoản có thật dù không có gì được công bố.',
    ],
    test: 'Tra bản ghi MX và địa chỉ của tên miền: nếu không có gì, hoặc MX chỉ là một dấu chấm, thì tên miền không nhận thư.',
  },
  'settings.client-policy': {
    title: 'Dịch vụ lấy thư yêu cầu cài đặt khác',
    meaning:
      'Ứng dụng email có thể dùng được máy chủ này, nhưng dịch vụ sẽ lấy thư chỉ chấp nhận một số cài đặt nhất định ({instead}), và cài đặt hiện tại không nằm trong đó.',
    fix: [
      'Đổi cổng và kiểu mã hóa thành loại mà dịch vụ đó chấp nhận: {instead}.',
      'Nhờ quản trị viên máy chủ thư mở dịch vụ trên cổng chuẩn: 995 có TLS hoặc 110.',
      'Nếu máy chủ dùng chứng chỉ tự ký, nhờ quản trị viên thay bằng chứng chỉ của một tổ chức cấp chứng chỉ công cộng.',
      'Nếu không đổi được máy chủ, đặt chuyển tiếp thư sang tài khoản mới.',
    ],
    test: 'Kiểm tra lại máy chủ này mà bỏ --client: nếu đạt thì chỉ vướng yêu cầu của dịch vụ lấy thư.',
  },
  'settings.sources-disagree': {
    title: 'Các cài đặt được công bố không khớp nhau',
    meaning:
      'Hai nguồn nêu máy chủ, cổng hoặc kiểu mã hóa khác nhau cho tài khoản này. Báo cáo liệt kê từng nguồn và nội dung của nó.',
    fix: [
      'Ưu tiên cài đặt trên trang trợ giúp của nhà cung cấp.',
      'Nhờ quản trị viên tên miền sửa autoconfig, Autodiscover và bản ghi SRV cho giống nhau.',
    ],
    test: 'Chạy mailcheck discover với địa chỉ email rồi so nội dung của từng nguồn.',
  },
  'settings.plaintext': {
    title: 'Kết nối này chưa bật mã hóa',
    meaning: 'Mọi thứ truyền đi, kể cả mật khẩu, đều đọc được ở bất kỳ mạng nào trên đường.',
    fix: [
      'Chọn SSL/TLS với cổng 995 cho POP3, 993 cho IMAP hoặc 465 để gửi thư.',
      'Chọn STARTTLS với cổng 587 nếu máy chủ không có cổng 465.',
      'Nhờ quản trị viên bật TLS nếu máy chủ chưa có.',
    ],
    test: 'Kiểm tra cùng máy chủ này với --security tls và với --security starttls.',
  },
  'settings.insecure-auth': {
    title: 'Đang cho phép gửi thông tin đăng nhập không bảo vệ',
    meaning: 'Với --insecure-auth, mật khẩu hoặc token vẫn được gửi đi dù kết nối không mã hóa hoặc chứng chỉ không hợp lệ.',
    fix: ['Bỏ --insecure-auth ngay khi thử xong.', 'Đổi mật khẩu nếu đã gửi nó qua một mạng mà bạn không tin cậy.'],
    test: 'Kiểm tra lại mà không dùng --insecure-auth.',
  },
  'dns.no-such-host': {
    title: 'Tên máy chủ không tồn tại',
    meaning: 'DNS trả lời rằng không có tên này (NXDOMAIN), nên không có máy chủ nào để kết nối.',
    fix: [
      'Sửa tên máy chủ: so từng ký tự với trang trợ giúp của nhà cung cấp.',
      'Xóa dấu cách, https:// và mọi thứ đứng sau tên trong ô máy chủ.',
      'Điền tên máy chủ thư vào ô đó, không điền địa chỉ email.',
      'Nếu tên miền là của bạn, xem tên miền còn hạn đăng ký không và vùng DNS có tên này không.',
      'Nếu tên chỉ dùng trong nội bộ công ty, kết nối vào mạng hoặc VPN của công ty trước.',
    ],
    test: 'Hỏi tên này ở một máy chủ DNS thứ hai (--compare-resolver): nếu cả hai cùng trả NXDOMAIN thì đúng là tên không tồn tại.',
  },
  'dns.no-address': {
    title: 'Tên máy chủ không có địa chỉ IP',
    meaning: 'Tên này có trong DNS nhưng không có địa chỉ IPv4 lẫn IPv6, nên không thể kết nối tới.',
    fix: [
      'Dùng tên máy chủ thư, chẳng hạn imap.example.com, thay cho riêng tên miền.',
      'Nhờ quản trị viên tên miền thêm bản ghi A hoặc AAAA cho tên này.',
      'Nếu tên là bí danh (CNAME), kiểm tra tên đích: chính tên đích phải có địa chỉ.',
    ],
    test: 'Hỏi bản ghi A và AAAA của tên: nếu trả lời rỗng mà không báo lỗi thì đúng là tên không có địa chỉ.',
  },
  'dns.server-failure': {
    title: 'Máy chủ DNS bị lỗi hoặc từ chối trả lời',
    meaning:
      'Có liên lạc được với máy chủ DNS nhưng nó báo lỗi (SERVFAIL, REFUSED hoặc trả lời vô nghĩa). Điều đó chưa cho biết máy chủ thư có tồn tại hay không.',
    fix: [
      'Đợi vài phút rồi thử lại: lỗi loại này thường tự hết.',
      'Đặt máy chủ DNS khác trong cài đặt mạng của máy này, ví dụ 9.9.9.9 hoặc 1.1.1.1.',
      'Nếu tên miền là của bạn, nhờ kiểm tra máy chủ tên miền và chữ ký DNSSEC.',
      'Báo cho người quản lý máy chủ DNS của mạng này.',
    ],
    test: 'Hỏi tên này ở máy chủ DNS khác: nếu có câu trả lời thì lỗi ở máy chủ DNS đang dùng, nếu vẫn lỗi như vậy thì do máy chủ tên miền.',
  },
  'dns.timeout': {
    title: 'Máy chủ DNS không trả lời',
    meaning:
      'Đã hỏi địa chỉ của máy chủ thư nhưng quá thời gian mà không có câu trả lời. Máy này đang mất mạng, hoặc không liên lạc được với máy chủ DNS.',
    fix: [
      'Kiểm tra máy này có mạng không: mở một trang web mà hôm nay bạn chưa mở.',
      'Đặt máy chủ DNS khác trong cài đặt mạng của máy này, ví dụ 9.9.9.9 hoặc 1.1.1.1.',
      'Tắt VPN rồi thử lại; nếu tên thuộc mạng công ty thì bật VPN lên.',
      'Trong container, chỉ cho nó một máy chủ DNS mà nó liên lạc được (mục dns của Docker hoặc của pod).',
      'Khởi động lại router của mạng này.',
    ],
    test: 'Tra một tên nổi tiếng khác: nếu cũng không được thì lỗi ở máy chủ DNS hoặc ở mạng.',
  },
  'dns.answers-differ': {
    title: 'DNS trả về địa chỉ sai hoặc không thống nhất',
    meaning:
      'Địa chỉ trả về không thể là máy chủ thư (0.0.0.0, trang chặn), hoặc hai máy chủ DNS trả lời khác nhau. Một bộ lọc, một bản ghi cũ hay vùng DNS nội bộ làm máy này thấy địa chỉ khác.',
    fix: [
      'Cho phép tên này trong bộ lọc DNS đang chặn nó (Pi-hole, AdGuard, kiểm soát trẻ em, bộ lọc của công ty).',
      'Đặt máy chủ DNS khác trong cài đặt mạng của máy này rồi so kết quả.',
      'Xóa dòng cũ ghi tên này trong tệp hosts của máy.',
      'Nếu bản ghi vừa được đổi, đợi đến khi bản ghi cũ hết hạn (TTL).',
    ],
    test: 'Hỏi một máy chủ DNS thứ hai (--compare-resolver) rồi so các địa chỉ.',
  },
  'connect.port-25': {
    title: 'Cổng 25 không dùng để gửi thư từ tài khoản',
    meaning:
      'Cổng 25 dành cho máy chủ chuyển thư cho nhau. Phần lớn các mạng chặn cổng này với người dùng thường, và nhiều máy chủ không cho đăng nhập ở đó.',
    fix: [
      'Đặt cổng của máy chủ thư đi là 465 với SSL/TLS.',
      'Dùng cổng 587 với STARTTLS nếu không có cổng 465.',
      'Bật xác thực cho máy chủ thư đi, tên đăng nhập là địa chỉ email đầy đủ.',
      'Nếu máy này là máy chủ thư, nhờ nhà mạng hoặc nhà cung cấp đám mây mở chiều ra của cổng 25, hoặc gửi qua máy chủ chuyển tiếp ở cổng 587.',
    ],
    test: 'Kiểm tra cùng máy chủ này với --port 465 --security tls, rồi với --port 587 --security starttls.',
  },
  'connect.port-blocked': {
    title: 'Mạng đang dùng chặn cổng này',
    meaning:
      'Vẫn tới được máy chủ, nhưng kết nối vào cổng này bị mất giữa đường. Nhà mạng, nhà cung cấp đám mây, mạng khách sạn hoặc mạng công ty đang lọc cổng này.',
    fix: [
      'Dùng cổng chuẩn khác: để gửi thư thì 465 với SSL/TLS hoặc 587 với STARTTLS, thay cho 25.',
      'Thử từ mạng khác, ví dụ 4G của điện thoại.',
      'Cho phép kết nối ra các cổng 465, 587, 993 và 995 trong tường lửa của máy, của router hoặc của công ty.',
      'Hỏi nhà mạng hoặc nhà cung cấp đám mây xem có chặn cổng này không và nhờ mở.',
    ],
    test: 'Kết nối vào cùng cổng này của một máy chủ thư khác (--control-host): nếu cũng quá thời gian chờ thì mạng đang chặn cổng.',
  },
  'connect.refused': {
    title: 'Máy chủ từ chối kết nối ở cổng này',
    meaning:
      'Máy vẫn hoạt động và báo ngay rằng không có dịch vụ nào ở cổng này. Cổng bị sai, dịch vụ không chạy, hoặc máy chủ đã chặn địa chỉ của bạn.',
    fix: [
      'Kiểm tra cổng: 995 cho POP3, 993 cho IMAP, 465 hoặc 587 để gửi thư.',
      'Đối chiếu tên máy chủ với trang trợ giúp của nhà cung cấp.',
      'Nếu bị từ chối sau nhiều lần đăng nhập sai, đợi một giờ hoặc thử từ mạng khác.',
      'Hỏi quản trị viên xem dịch vụ có chạy, có lắng nghe trên địa chỉ công cộng và có được tường lửa cho qua không.',
      'Trong container, dùng tên của máy chủ thư: localhost chính là container đó.',
    ],
    test: 'Kết nối vào các cổng chuẩn khác của máy chủ: nếu chúng mở thì chỉ dịch vụ này không chạy.',
  },
  'connect.timeout': {
    title: 'Máy chủ không trả lời ở cổng này',
    meaning:
      'Không có phản hồi nào, không nhận cũng không từ chối. Tường lửa bỏ kết nối, địa chỉ này không có máy nào, hoặc cổng không được dùng.',
    fix: [
      'Kiểm tra cổng: 995 cho POP3, 993 cho IMAP, 465 hoặc 587 để gửi thư.',
      'Đối chiếu tên máy chủ với trang trợ giúp của nhà cung cấp.',
      'Thử từ mạng khác, ví dụ 4G của điện thoại, để biết mạng này có chặn thư không.',
      'Cho phép các cổng gửi nhận thư trong tường lửa, phần mềm diệt virus hoặc VPN của máy này.',
      'Hỏi quản trị viên xem máy chủ có hoạt động và tường lửa có cho địa chỉ của bạn vào không.',
    ],
    test: 'Kết nối vào cùng cổng này từ mạng khác: nếu ở đó có trả lời thì bị chặn ở phía bạn.',
  },
  'connect.unreachable': {
    title: 'Không có đường tới máy chủ',
    meaning: 'Router hoặc chính máy này báo không tới được địa chỉ: mạng bị ngắt, không có IPv6, hoặc gateway không cho đi tiếp.',
    fix: [
      'Kiểm tra máy này có mạng không.',
      'Nếu đó là địa chỉ IPv6, chuyển sang IPv4 (--ipv4) hoặc thiết lập IPv6 cho máy này.',
      'Kết nối VPN nếu máy chủ nằm trong mạng riêng.',
      'Hỏi nhà cung cấp hosting hoặc nhà mạng xem có cho kết nối thư đi ra không.',
      'Hỏi quản trị viên máy chủ xem máy và đường truyền có hoạt động không.',
    ],
    test: 'Kết nối tới một máy bất kỳ khác bằng cùng loại IP: nếu cũng không được thì máy này không có đường ra.',
  },
  'connect.reset': {
    title: 'Kết nối bị ngắt trước khi máy chủ kịp trả lời',
    meaning:
      'Kết nối vừa mở đã bị đóng hoặc ngắt. Máy chủ đã chặn địa chỉ của bạn, proxy đứng trước không có máy chủ phía sau, hoặc tường lửa cắt kết nối.',
    fix: [
      'Đợi vài phút rồi thử lại: máy chủ quá tải và lệnh chặn do đăng nhập sai thường tự hết.',
      'Thử từ mạng khác, ví dụ 4G của điện thoại.',
      'Tạm tắt tính năng quét thư của phần mềm diệt virus và VPN để thử.',
      'Kiểm tra cổng và kiểu mã hóa: 995 cho POP3, 993 cho IMAP và 465 cho gửi thư dùng SSL/TLS; 587 dùng STARTTLS.',
      'Hỏi quản trị viên xem nhật ký máy chủ ghi gì về địa chỉ của bạn.',
    ],
    test: 'Kết nối từ mạng khác và xem nhật ký máy chủ: nếu có lệnh chặn ở đó thì địa chỉ của bạn bị chặn.',
  },
  'connect.one-family': {
    title: 'Chỉ IPv4 hoặc chỉ IPv6 tới được máy chủ',
    meaning:
      'Tên máy chủ có cả hai loại địa chỉ nhưng một loại không dùng được. Chương trình nào thử loại đó trước sẽ phải chờ lâu hoặc bỏ cuộc.',
    fix: [
      'Nếu các máy khác cũng không tới được qua IPv6, sửa IPv6 trên máy này, router hoặc container, hoặc tắt nó đi.',
      'Trong lúc chờ, đặt chương trình dùng IPv4 (mailcheck: --ipv4).',
      'Nhờ quản trị viên cho dịch vụ lắng nghe trên cả hai loại, hoặc xóa bản ghi của địa chỉ không hoạt động.',
    ],
    test: 'Kiểm tra một lần với --ipv4 và một lần với --ipv6.',
  },
  'connect.local-policy': {
    title: 'Chính máy này không cho kết nối ra ngoài',
    meaning:
      'Hệ điều hành từ chối trước khi kết nối ra khỏi máy: tường lửa, phần mềm bảo mật, sandbox, VPN hoặc giới hạn dữ liệu cấm nó, hoặc máy không có địa chỉ nào dùng được.',
    fix: [
      'Cho phép chương trình trong tường lửa hoặc phần mềm bảo mật của máy này.',
      'Cho phép ứng dụng email dùng dữ liệu nền và dữ liệu di động trong cài đặt điện thoại.',
      'Trên máy chủ có SELinux hoặc cPanel, cho phép ứng dụng web mở kết nối thư (httpd_can_sendmail, SMTP Restrictions).',
      'Tạm tắt VPN hoặc sandbox để thử.',
      'Hỏi quản trị viên của máy này xem quy tắc nào cấm kết nối.',
    ],
    test: 'Kết nối bằng chương trình khác, hoặc từ máy khác trong cùng mạng: nếu được thì quy tắc cấm nằm trên máy này.',
  },
  'connect.proxy': {
    title: 'Proxy hoặc VPN ở giữa làm hỏng kết nối',
    meaning: 'Chương trình kết nối qua proxy, và proxy từ chối kết nối tới máy chủ thư hoặc không trả lời.',
    fix: [
      'Đặt chương trình kết nối trực tiếp, không qua proxy.',
      'Tạm tắt VPN để thử.',
      'Nhờ người quản lý proxy cho phép kết nối tới các cổng 465, 587, 993 và 995.',
      'Nếu proxy yêu cầu đăng nhập, sửa lại tên, cổng, tên đăng nhập và mật khẩu của proxy.',
    ],
    test: 'Kiểm tra mà không qua proxy: nếu đạt thì lỗi do proxy.',
  },
  'connect.unexplained': {
    title: 'Không kết nối được máy chủ, chưa rõ lý do',
    meaning:
      'Thông báo chỉ nói rằng không có kết nối. Sai tên máy chủ, sai cổng, sai kiểu mã hóa, tường lửa chặn hay máy chủ ngừng chạy đều cho ra thông báo như vậy.',
    fix: [
      'Chạy mailcheck với cùng máy chủ và cổng đó: nó chỉ ra bước bị lỗi.',
      'Đối chiếu tên máy chủ với trang trợ giúp của nhà cung cấp.',
      'Kiểm tra cổng và kiểu mã hóa: 995, 993 và 465 dùng SSL/TLS, 587 dùng STARTTLS.',
      'Thử từ mạng khác, ví dụ 4G của điện thoại.',
      'Bật thông tin gỡ lỗi của chương trình (PHPMailer: SMTPDebug = 3) rồi tìm đoạn sau chữ “connect”.',
    ],
    test: 'Tìm câu báo lỗi gốc của hệ thống nằm sau thông báo: bị từ chối, quá thời gian chờ, không có tên máy chủ hay lỗi TLS.',
  },
  'greeting.wrong-service': {
    title: 'Dịch vụ khác trả lời ở cổng này',
    meaning:
      'Kết nối được, nhưng bên trả lời không phải dịch vụ thư cần tìm mà là máy chủ web, giao thức thư khác hoặc thứ khác. Cổng và giao thức không khớp nhau.',
    fix: [
      'Dùng đúng cổng của giao thức: POP3 995 (110), IMAP 993 (143), gửi thư 465 hoặc 587.',
      'Kiểm tra xem máy chủ thư đến và máy chủ thư đi có bị điền lẫn nhau không.',
      'Kiểm tra loại tài khoản (POP hay IMAP) có khớp với tên máy chủ không.',
      'Nếu máy chủ là của bạn, xem chương trình nào đang lắng nghe ở cổng này.',
    ],
    test: 'Đọc dòng đầu tiên máy chủ gửi: dòng đó cho biết giao thức.',
  },
  'greeting.middlebox': {
    title: 'Tường lửa hoặc phần mềm diệt virus sửa lời máy chủ',
    meaning:
      'Câu trả lời của máy chủ bị che hoặc bị thay trên đường truyền (220 ****, XXXXXXXA). Một thiết bị hoặc phần mềm bảo mật ở giữa làm chương trình không thấy được phần mã hóa và đăng nhập.',
    fix: [
      'Dùng SSL/TLS ngay từ đầu, cổng 465, 993 hoặc 995: nội dung đã mã hóa thì không sửa được.',
      'Tắt “SMTP inspection” trên tường lửa (Cisco: inspect esmtp, fixup protocol smtp).',
      'Tắt tính năng quét thư của phần mềm diệt virus trên máy này.',
      'Thử từ mạng khác để biết thiết bị nào gây ra.',
    ],
    test: 'Đọc lời chào từ mạng khác: nếu ở đó là chữ chứ không phải dấu sao thì nội dung bị sửa ở phía bạn.',
  },
  'greeting.redirected': {
    title: 'Máy chủ khác trả lời thay máy chủ bạn chọn',
    meaning:
      'Lời chào hoặc chứng chỉ không phải của nhà cung cấp. Một số nhà cung cấp hosting và một số mạng chuyển kết nối thư đi sang máy chủ của họ, nơi không hề có tài khoản này.',
    fix: [
      'Không gửi mật khẩu: nó sẽ rơi vào tay người lạ.',
      'Nhờ nhà cung cấp hosting cho phép SMTP đi ra máy chủ khác (cPanel: SMTP Restrictions, CSF: SMTP_BLOCK), hoặc dùng máy chủ chuyển tiếp thư của họ.',
      'Nếu cổng 25 và 587 bị chuyển hướng, dùng cổng 465 với SSL/TLS hoặc giao diện HTTP của nhà cung cấp thư.',
      'Ở khách sạn hay sân bay, mở trình duyệt đăng nhập vào mạng trước.',
    ],
    test: 'So lời chào và chứng chỉ với những gì thấy từ mạng khác: nếu khác nhau thì kết nối bị chuyển hướng ở phía bạn.',
  },
  'greeting.timeout': {
    title: 'Máy chủ nhận kết nối rồi im lặng',
    meaning:
      'Kết nối đã mở nhưng mãi không có lời chào. Máy chủ quá tải, cố ý trì hoãn lời chào, hoặc đang chờ thứ gì đó ở phía nó.',
    fix: [
      'Kiểm tra kiểu mã hóa: ở cổng 465, 993 và 995 phải là SSL/TLS ngay từ đầu.',
      'Đợi vài phút rồi thử lại với thời gian chờ dài hơn (--timeout 60).',
      'Tạm tắt tính năng quét thư của phần mềm diệt virus để thử.',
      'Hỏi quản trị viên xem máy chủ có bị treo, quá tải, hay phải chờ DNS hoặc tra danh sách đen trước khi chào không.',
    ],
    test: 'Chờ một phút mà không gửi gì, rồi thử TLS ngay từ byte đầu: nếu máy chủ trả lời TLS thì kiểu mã hóa đã chọn sai.',
  },
  'greeting.rejected': {
    title: 'Máy chủ từ chối kết nối ngay ở lời chào',
    meaning: 'Máy chủ gửi lời từ chối thay cho lời chào. Lý do chỉ có trong chính lời từ chối đó, được ghi ở phần bằng chứng.',
    fix: [
      'Đọc câu trả lời của máy chủ: nếu có nêu địa chỉ một trang web thì mở trang đó.',
      'Đợi vài phút rồi thử lại.',
      'Thử từ mạng khác, phòng khi địa chỉ của bạn không được chấp nhận.',
      'Kiểm tra xem máy chủ này có dành cho ứng dụng email không: dùng tên trên trang trợ giúp của nhà cung cấp, không dùng MX của tên miền.',
      'Gửi nguyên văn câu trả lời cho quản trị viên máy chủ.',
    ],
    test: 'Kết nối từ mạng khác: nếu ở đó lời chào bình thường thì địa chỉ của bạn đang bị từ chối.',
  },
  'protocol.preauth': {
    title: 'Máy chủ báo “đã đăng nhập” khi chưa mã hóa',
    meaning:
      'Máy chủ IMAP chào bằng PREAUTH trên kết nối không mã hóa. Sau đó không được dùng STARTTLS nữa nên kết nối không thể an toàn; cũng có thể ai đó trên đường truyền đã giả lời chào.',
    fix: [
      'Dùng cổng 993 với SSL/TLS thay cho 143 với STARTTLS.',
      'Nhờ quản trị viên sửa để máy chủ chào bằng OK thay cho PREAUTH với kết nối qua mạng.',
      'Thử từ mạng khác nếu bạn nghi có người can thiệp vào mạng này.',
    ],
    test: 'Kết nối cổng 993 bằng TLS: nếu lời chào ở đó bình thường thì kết nối không mã hóa bị cấu hình sai hoặc bị giả mạo.',
  },
  'protocol.client-error': {
    title: 'Chương trình làm sai quy tắc của giao thức',
    meaning:
      'Máy chủ hiểu kết nối nhưng không hiểu lệnh nhận được: lệnh sai thứ tự, xuống dòng sai, địa chỉ sai cú pháp hoặc dòng quá dài. Lỗi nằm ở chương trình gọi tới máy chủ.',
    fix: [
      'Cập nhật chương trình hoặc thư viện dùng để kết nối.',
      'Kết thúc mỗi dòng bằng CR LF, kể cả trong nội dung thư.',
      'Đặt địa chỉ trong dấu ngoặc nhọn, không kèm tên hiển thị: MAIL FROM:<name@example.com>.',
      'Gửi EHLO trước tiên, và đợi câu trả lời rồi mới gửi lệnh kế tiếp, trừ khi máy chủ có PIPELINING.',
      'Kiểm tra xem có gì khác ghi vào cùng kết nối không (echo, thông tin gỡ lỗi, luồng thứ hai).',
    ],
    test: 'Chạy mailcheck với cùng máy chủ: nếu đạt thì lỗi ở chương trình, không phải ở máy chủ.',
  },
  'protocol.violation': {
    title: 'Máy chủ không theo đúng giao thức',
    meaning:
      'Không đọc được câu trả lời theo tiêu chuẩn: sai dạng, sai mã, quá dài hoặc trả lời điều không ai hỏi. Máy chủ hoặc thứ gì đó ở giữa bị hỏng.',
    fix: [
      'Kiểm tra cổng và giao thức có khớp nhau không: POP3 995, IMAP 993, gửi thư 465 hoặc 587.',
      'Tạm tắt tính năng quét thư của phần mềm diệt virus và proxy thư để thử.',
      'Nhờ quản trị viên cập nhật hoặc khởi động lại máy chủ thư, gửi kèm câu trả lời ở phần bằng chứng.',
    ],
    test: 'Hỏi lại điều đó từ mạng khác: nếu câu trả lời vẫn như vậy thì đúng là do máy chủ gửi ra.',
  },
  'server.misconfigured': {
    title: 'Máy chủ bị cấu hình sai',
    meaning:
      'Câu trả lời hoặc cách hoạt động của máy chủ cho thấy nó không làm được việc: phía máy chủ thiếu hoặc cấu hình sai một thành phần. Đổi cài đặt của bạn không giải quyết được.',
    fix: [
      'Gửi câu trả lời của máy chủ kèm thời điểm cho quản trị viên hoặc nhà cung cấp.',
      'Nếu máy chủ là của bạn, đọc nhật ký lúc đó: nhật ký ghi thành phần bị thiếu (dịch vụ xác thực, tệp chứng chỉ, hộp thư, vòng lặp thư).',
      'Trong lúc chờ, dùng máy chủ khác của nhà cung cấp nếu có.',
    ],
    test: 'Đọc nhật ký máy chủ vào lúc thử: nhật ký ghi thành phần bị lỗi.',
  },
  'server.unavailable': {
    title: 'Máy chủ tạm thời không hoạt động',
    meaning:
      'Máy chủ đang bảo trì, quá tải hoặc bị lỗi bên trong. Nguyên nhân không phải do cài đặt hay mật khẩu; có thể chỉ cần thử lại sau.',
    fix: [
      'Đợi 15 phút rồi thử lại.',
      'Xem trang tình trạng dịch vụ của nhà cung cấp.',
      'Giữ nguyên cài đặt và mật khẩu cho đến khi máy chủ hoạt động lại.',
      'Nếu kéo dài hơn một giờ, báo cho quản trị viên hoặc nhà cung cấp, kèm câu trả lời của máy chủ.',
    ],
    test: 'Thử lại sau 15 phút, và xem trang tình trạng dịch vụ của nhà cung cấp.',
  },
  'tls.implicit-on-plain-port': {
    title: 'Chọn SSL/TLS nhưng cổng bắt đầu không mã hóa',
    meaning:
      'Chương trình mở đầu bằng TLS còn máy chủ trả lời bằng văn bản thường: ở cổng này việc mã hóa bắt đầu sau, bằng STARTTLS, hoặc không có. Cổng và kiểu mã hóa không khớp nhau.',
    fix: [
      'Đặt cổng và kiểu mã hóa thành {instead}.',
      'Giữ cổng và đổi kiểu mã hóa thành STARTTLS (nodemailer: secure: false; PHPMailer: SMTPSecure = "tls"; Java: mail.smtp.starttls.enable).',
      'Hoặc giữ SSL/TLS và đổi cổng: 995 cho POP3, 993 cho IMAP, 465 để gửi thư.',
    ],
    test: 'Kết nối không dùng TLS và đọc những byte đầu: nếu là lời chào dạng văn bản thường thì đúng là vậy.',
  },
  'tls.plain-on-implicit-port': {
    title: 'Cổng này cần SSL/TLS ngay từ đầu',
    meaning:
      'Chương trình chờ lời chào còn máy chủ chờ TLS, nên cả hai im lặng hoặc máy chủ ngắt kết nối. Ở cổng này việc mã hóa bắt đầu ngay từ byte đầu tiên.',
    fix: [
      'Đặt cổng và kiểu mã hóa thành {instead}.',
      'Đổi kiểu mã hóa thành SSL/TLS, không để STARTTLS hay không mã hóa (nodemailer: secure: true; PHPMailer: SMTPSecure = "ssl").',
      'Hoặc giữ STARTTLS và đổi cổng: 587 để gửi thư, 143 cho IMAP, 110 cho POP3.',
    ],
    test: 'Bắt đầu TLS ngay từ byte đầu ở cùng cổng này: nếu bắt tay thành công thì kiểu mã hóa đã chọn sai.',
  },
  'tls.injected': {
    title: 'Có dữ liệu bị chèn vào trước khi mã hóa',
    meaning:
      'Sau khi đồng ý STARTTLS, máy chủ hoặc ai đó trên đường truyền gửi thêm dữ liệu không mã hóa. Chương trình nào coi đó là dữ liệu đã mã hóa thì có thể bị lừa, nên việc kiểm tra dừng ở đây.',
    fix: [
      'Dùng SSL/TLS ngay từ đầu: cổng 995 cho POP3, 993 cho IMAP, 465 để gửi thư.',
      'Nhờ quản trị viên cập nhật máy chủ thư hoặc proxy thư.',
      'Thử từ mạng khác nếu bạn nghi có người can thiệp vào mạng này.',
    ],
    test: 'Gửi STARTTLS lần nữa rồi chờ mà chưa bắt tay: nếu có thêm byte nào gửi tới thì đúng là bị chèn.',
  },
  'tls.starttls-refused': {
    title: 'Máy chủ có STARTTLS nhưng lại từ chối',
    meaning:
      'Máy chủ liệt kê STARTTLS nhưng trả lời lệnh này bằng lỗi. TLS của máy chủ hiện không hoạt động, thường do không đọc được chứng chỉ hoặc khóa.',
    fix: [
      'Dùng SSL/TLS ngay từ đầu: cổng 995 cho POP3, 993 cho IMAP, 465 để gửi thư.',
      'Nhờ quản trị viên kiểm tra chứng chỉ, khóa và cài đặt TLS qua nhật ký của máy chủ thư.',
      'Nếu đó là lỗi tạm thời (454), thử lại sau.',
    ],
    test: 'Lát sau gửi STARTTLS lần nữa và đọc nhật ký máy chủ lúc đó.',
  },
  'tls.starttls-required': {
    title: 'Máy chủ yêu cầu mã hóa trước',
    meaning:
      'Máy chủ không cho đăng nhập và không nhận thư trên kết nối không mã hóa. Chương trình chưa bắt đầu bằng STARTTLS hoặc SSL/TLS.',
    fix: [
      'Đặt kiểu mã hóa là STARTTLS với cổng 587 (IMAP 143, POP3 110).',
      'Hoặc đặt SSL/TLS với cổng 465 (IMAP 993, POP3 995).',
      'Trong script, bật TLS: starttls() trong Python, mail.smtp.starttls.enable trong Java, EnableSsl trong .NET, SMTPSecure trong PHPMailer.',
    ],
    test: 'Kiểm tra với --security starttls: nếu đi tiếp được thì chỉ thiếu mã hóa.',
  },
  'tls.starttls-missing': {
    title: 'Máy chủ không có STARTTLS',
    meaning:
      'Bạn chọn STARTTLS nhưng máy chủ không liệt kê nó ở đây. Cổng bị sai, máy chủ chưa thiết lập TLS, hoặc có thứ gì đó trên đường truyền che mất.',
    fix: [
      'Dùng SSL/TLS ngay từ đầu: cổng 995 cho POP3, 993 cho IMAP, 465 để gửi thư.',
      'Dùng cổng 587 thay cho 25 để gửi thư.',
      'Tắt tính năng quét thư của phần mềm diệt virus và SMTP inspection trên tường lửa, vì chúng che STARTTLS.',
      'Nhờ quản trị viên cài chứng chỉ và bật STARTTLS.',
      'Không tiếp tục khi chưa mã hóa: mật khẩu sẽ bị đọc được trên đường truyền.',
    ],
    test: 'Hỏi danh sách tính năng từ mạng khác: nếu ở đó có STARTTLS thì có thứ gì đó ở phía bạn che mất.',
  },
  'tls.client-certificate-required': {
    title: 'Máy chủ yêu cầu chứng chỉ máy khách',
    meaning:
      'Máy chủ muốn phía bạn chứng minh danh tính bằng chứng chỉ, nhưng chưa có chứng chỉ nào được gửi, hoặc chứng chỉ đã gửi bị từ chối.',
    fix: [
      'Đề nghị quản trị viên cấp một chứng chỉ máy khách, rồi cài vào ứng dụng email.',
      'Gia hạn chứng chỉ máy khách nếu đã hết hạn.',
      'Hỏi quản trị viên cổng nào nhận mật khẩu thay cho chứng chỉ.',
    ],
    test: 'Xem cài đặt máy chủ có yêu cầu chứng chỉ máy khách không (Dovecot: ssl_verify_client_cert, Postfix: smtpd_tls_req_ccert).',
  },
  'tls.version-too-old': {
    title: 'Một bên chỉ có phiên bản TLS đã lỗi thời',
    meaning: 'Hai bên không có phiên bản TLS chung: {outdated} chỉ biết {oldest}, vốn không còn được coi là an toàn.',
    fix: [
      'Nếu đó là máy chủ, nhờ quản trị viên bật TLS 1.2 và 1.3.',
      'Nếu đó là ứng dụng email hoặc hệ điều hành, hãy cập nhật: phải dùng được TLS 1.2 trở lên.',
      'Trên Windows 7 hoặc 8, cài bản cập nhật TLS 1.2 cho WinHTTP và Schannel.',
      'Bỏ các cài đặt ép dùng phiên bản cũ (ssl_protocol, mail.smtp.ssl.protocols, SecurityProtocolType).',
    ],
    test: 'Bắt tay lần nữa với giới hạn hạ thấp: phiên bản đạt được là phiên bản cao nhất của máy chủ.',
  },
  'tls.no-shared-cipher': {
    title: 'Hai bên không có phương thức mã hóa chung',
    meaning:
      'Cả hai đều dùng TLS nhưng không có bộ mã hóa, đường cong, độ dài khóa hay thuật toán chữ ký chung. Một bên đã lỗi thời, hoặc danh sách của nó quá hẹp.',
    fix: [
      'Cập nhật ứng dụng email hoặc hệ điều hành.',
      'Nhờ quản trị viên cho phép các bộ mã hóa hiện hành (ECDHE với AES-GCM hoặc ChaCha20) và dùng khóa RSA 2048 bit hoặc P-256.',
      'Nếu có thông báo khóa quá ngắn, nhờ quản trị viên đặt tham số Diffie-Hellman ít nhất 2048 bit.',
      'Xóa danh sách bộ mã hóa quá hẹp trong cài đặt của chương trình.',
    ],
    test: 'Bắt tay lần nữa với giới hạn hạ thấp: nếu thành công, bộ mã hóa thu được cho biết máy chủ yêu cầu gì.',
  },
  'tls.server-name-missing': {
    title: 'Chưa gửi tên máy chủ nên nhận sai chứng chỉ',
    meaning:
      'Khi bắt tay, chương trình không nói cần máy chủ nào (SNI). Nhà cung cấp trả về một chứng chỉ tạm mà không chương trình nào chấp nhận được.',
    fix: [
      'Cập nhật ứng dụng email hoặc thư viện lên bản có gửi tên máy chủ (SNI).',
      'Nếu chương trình kết nối bằng địa chỉ IP, đặt tên máy chủ trong chương trình (nodemailer: tls.servername; Python: server_hostname; Go: ServerName).',
      'Nhập tên máy chủ thay cho địa chỉ IP.',
      'Cập nhật OpenSSL nếu cũ hơn 1.1.1.',
    ],
    test: 'Chạy openssl s_client với -servername và tên máy chủ: nếu nhận được chứng chỉ đúng thì trước đó đã thiếu tên.',
  },
  'tls.handshake-timeout': {
    title: 'Máy chủ không hoàn tất bắt tay TLS',
    meaning: 'Kết nối đã mở và đã bắt đầu bắt tay, nhưng máy chủ ngừng trả lời trước khi kênh được mã hóa.',
    fix: [
      'Kiểm tra cổng và kiểu mã hóa: 995, 993 và 465 dùng SSL/TLS; 587, 143 và 110 dùng STARTTLS.',
      'Thử lại sau vài phút, và từ mạng khác.',
      'Tạm tắt tính năng quét TLS của phần mềm diệt virus hoặc tường lửa để thử.',
      'Giảm MTU của VPN nếu các gói tin lớn bị mất.',
      'Hỏi quản trị viên xem dịch vụ thư có bị treo không.',
    ],
    test: 'Kết nối cùng cổng này mà không dùng TLS: nếu có lời chào thì cổng không dành cho SSL/TLS, nếu im lặng thì dịch vụ bị treo.',
  },
  'tls.handshake-failed': {
    title: 'Bắt tay TLS thất bại',
    meaning:
      'Hai bên không thống nhất được kênh mã hóa, và dữ liệu trao đổi không cho biết lý do. Thường là do phần mềm lỗi thời, sai cổng hoặc một thiết bị ở giữa.',
    fix: [
      'Kiểm tra cổng và kiểu mã hóa: 995, 993 và 465 dùng SSL/TLS; 587, 143 và 110 dùng STARTTLS.',
      'Cập nhật ứng dụng email và hệ điều hành.',
      'Tạm tắt tính năng quét TLS của phần mềm diệt virus hoặc tường lửa để thử.',
      'Kiểm tra tên máy chủ có đúng tên mà máy chủ biết không: có máy chủ ngắt kết nối khi gặp tên không phải của nó.',
      'Hỏi quản trị viên xem nhật ký máy chủ ghi gì về lần bắt tay.',
    ],
    test: 'Chạy openssl s_client với cổng này rồi đọc cảnh báo (alert) nhận được, và đọc nhật ký máy chủ lúc đó.',
  },
  'tls.keys-logged': {
    title: 'Khóa phiên TLS đang bị ghi ra tệp',
    meaning:
      'Một cài đặt của môi trường làm hệ thống ghi lại khóa bí mật của mọi kết nối. Ai có tệp đó đều đọc được mật khẩu từ bản ghi đường truyền.',
    fix: [
      'Bỏ biến SSLKEYLOGFILE và xóa --tls-keylog khỏi NODE_OPTIONS.',
      'Xóa tệp đã bị ghi ra.',
      'Đổi mật khẩu nếu người khác có thể đã đọc tệp đó.',
    ],
    test: 'In các biến môi trường ra: có SSLKEYLOGFILE hoặc --tls-keylog trong đó.',
  },
  'certificate.intercepted': {
    title: 'Có bên ở giữa trả lời bằng chứng chỉ của họ',
    meaning:
      'Chứng chỉ không phải được cấp cho máy chủ thư: phần mềm diệt virus, proxy công ty, bộ lọc hoặc nhà cung cấp hosting đang chen giữa kết nối và đọc nội dung.',
    fix: [
      'Tắt tính năng quét thư hoặc quét SSL của phần mềm diệt virus (Avast và AVG: Mail Shield; Kaspersky, ESET, Bitdefender: quét kết nối được mã hóa).',
      'Trong mạng công ty, xin ngoại lệ cho máy chủ thư, hoặc nhờ cài chứng chỉ gốc của proxy.',
      'Thử từ mạng khác, ví dụ 4G của điện thoại.',
      'Nếu xảy ra trên hosting, yêu cầu nhà cung cấp hosting thôi chuyển hướng kết nối thư.',
      'Không gửi mật khẩu cho đến khi nhận được đúng chứng chỉ.',
    ],
    test: 'Từ đây, xem bên cấp chứng chỉ của một máy chủ không liên quan: nếu cũng là bên cấp đó thì đúng là bị chặn giữa đường.',
  },
  'certificate.self-signed': {
    title: 'Chứng chỉ tự ký',
    meaning:
      'Máy chủ tự ký chứng chỉ của mình, không ai khác bảo đảm cho nó, nên chương trình không phân biệt được máy chủ thật với kẻ giả mạo.',
    fix: [
      'Nhờ quản trị viên cài chứng chỉ của một tổ chức cấp chứng chỉ công cộng (Let’s Encrypt cấp miễn phí).',
      'Dùng tên máy chủ trên trang trợ giúp của nhà cung cấp: tên đang dùng có thể không dành cho ứng dụng email.',
      'Nếu máy chủ là của bạn hoặc là chương trình cầu nối (bridge) trên máy, xuất chứng chỉ của nó và thêm vào danh sách tin cậy của chương trình (mailcheck: --ca-file).',
      'Không tắt việc kiểm tra chứng chỉ: nếu tắt, bất kỳ ai trên đường truyền cũng đọc được mật khẩu.',
    ],
    test: 'So chủ thể và bên cấp của chứng chỉ: nếu giống nhau và chứng chỉ được ký bằng chính khóa của nó thì đó là chứng chỉ tự ký.',
  },
  'certificate.wrong-purpose': {
    title: 'Chứng chỉ không dùng cho máy chủ',
    meaning:
      'Chứng chỉ được cấp cho việc khác, như ký thư hoặc đăng nhập phía máy khách, nên không được dùng để xác nhận máy chủ.',
    fix: [
      'Nhờ quản trị viên cài chứng chỉ có mục đích “TLS server authentication” (extended key usage serverAuth).',
      'Nếu chứng chỉ do CA riêng của bạn cấp, cấp lại theo mẫu dành cho máy chủ.',
    ],
    test: 'Đọc phần extended key usage của chứng chỉ: không có serverAuth.',
  },
  'certificate.invalid': {
    title: 'Chứng chỉ hoặc chuỗi chứng chỉ sai quy tắc',
    meaning:
      'Một chứng chỉ trong chuỗi bị sai định dạng, sai chữ ký hoặc trái quy tắc: bên cấp không có quyền cấp, tên vượt ngoài phạm vi, có phần bắt buộc không rõ, hoặc chuỗi quá dài.',
    fix: [
      'Nhờ quản trị viên cài lại chứng chỉ và chuỗi đúng như tổ chức cấp chứng chỉ đã giao.',
      'Nếu sai ở nội dung, xin cấp lại chứng chỉ: phần bằng chứng nêu quy tắc bị vi phạm.',
      'Nếu CA là của riêng bạn, kiểm tra cờ CA, độ dài đường dẫn, mục đích dùng khóa và ràng buộc tên.',
    ],
    test: 'Chạy openssl verify -x509_strict với chuỗi nhận được: nó nêu quy tắc bị vi phạm.',
  },
  'certificate.pin-mismatch': {
    title: 'Chứng chỉ khác với chứng chỉ đã ghim',
    meaning:
      'Dấu vân tay, ngoại lệ đã lưu hoặc bản ghi TLSA chỉ chứng chỉ khác với chứng chỉ máy chủ đưa ra. Chứng chỉ đã được thay mới, hoặc máy chủ khác đang trả lời.',
    fix: [
      'Hỏi quản trị viên dấu vân tay của chứng chỉ hiện tại rồi so.',
      'Nếu chứng chỉ đã được thay mới, thay dấu vân tay đã lưu (fetchmail: sslfingerprint, msmtp: tls_fingerprint) hoặc xóa ngoại lệ đã lưu.',
      'Nếu tên miền có bản ghi TLSA, nhờ sửa cho khớp với chứng chỉ.',
      'Không chấp nhận chứng chỉ mới nếu không ai biết về việc thay.',
    ],
    test: 'So dấu vân tay máy chủ đưa ra với dấu vân tay quản trị viên cho biết.',
  },
  'certificate.untrusted-root': {
    title: 'Chứng chỉ do tổ chức không được tin cậy cấp',
    meaning:
      'Chuỗi dẫn tới chứng chỉ gốc không nằm trong danh sách tin cậy: của riêng một công ty hay trường học, hoặc của tổ chức công cộng mà máy này chưa biết.',
    fix: [
      'Nhờ quản trị viên cài chứng chỉ của một tổ chức cấp chứng chỉ công cộng.',
      'Nếu tổ chức cấp chứng chỉ là của cơ quan bạn, cài chứng chỉ gốc của nó trên máy này (mailcheck: --ca-file).',
      'Cập nhật các chứng chỉ gốc của máy này (ca-certificates, Windows Update, tệp cacerts của Java).',
      'Xem bên cấp: nếu là phần mềm diệt virus hoặc proxy thì tắt tính năng quét thư của nó.',
    ],
    test: 'Đọc bên cấp của chứng chỉ cuối cùng trong chuỗi: nếu là tổ chức riêng thì thêm chứng chỉ gốc của nó (--ca-file) là kiểm tra đạt.',
  },
  'certificate.incomplete-chain': {
    title: 'Máy chủ không gửi chứng chỉ trung gian',
    meaning:
      'Chứng chỉ do một tổ chức trung gian cấp, nhưng máy chủ không gửi kèm chứng chỉ của tổ chức đó. Trình duyệt và vài ứng dụng email tự tìm được, số khác không dựng được chuỗi nên từ chối.',
    fix: [
      'Nhờ quản trị viên cài chuỗi đầy đủ (fullchain.pem thay cho cert.pem) vào máy chủ thư rồi nạp lại.',
      'Kiểm tra mọi dịch vụ: máy chủ web, POP3, IMAP và SMTP mỗi bên có cài đặt riêng.',
      'Trong lúc chờ, đưa chứng chỉ còn thiếu cho chương trình (mailcheck: --ca-file).',
    ],
    test: 'Tải chứng chỉ bên cấp từ địa chỉ ghi trong chứng chỉ (AIA): nếu có nó thì chuỗi đủ, vậy chỉ là máy chủ không gửi.',
  },
  'certificate.local-clock': {
    title: 'Đồng hồ của máy này sai',
    meaning: 'Chứng chỉ không có vấn đề, nhưng ngày trên máy này nằm ngoài thời hạn hiệu lực của chứng chỉ.',
    fix: [
      'Chỉnh ngày, giờ, năm và múi giờ của máy này, hoặc bật tự động đặt giờ.',
      'Thay pin bo mạch chủ nếu ngày bị mất sau mỗi lần khởi động.',
      'Trên máy ảo hoặc container, chỉnh đồng hồ của máy chủ vật lý (host) và bật đồng bộ thời gian.',
    ],
    test: 'So ngày ở đây với ngày của một máy chủ web bất kỳ (dòng Date trong câu trả lời).',
  },
  'certificate.expired': {
    title: 'Chứng chỉ đã hết hạn',
    meaning:
      'Chứng chỉ của máy chủ, hoặc một chứng chỉ trong chuỗi, đã quá hạn. Chứng chỉ chưa được gia hạn, hoặc máy chủ thư vẫn dùng tệp cũ.',
    fix: [
      'Nhờ quản trị viên gia hạn chứng chỉ và nạp lại máy chủ thư: chỉ khi đó tệp mới có tác dụng.',
      'Kiểm tra mọi dịch vụ: POP3, IMAP và SMTP mỗi bên có cài đặt riêng, có thể còn một bên dùng chứng chỉ cũ.',
      'Nếu chứng chỉ trung gian hoặc chứng chỉ gốc hết hạn, cài chuỗi hiện hành của tổ chức cấp chứng chỉ.',
      'Kiểm tra ngày giờ của máy này.',
    ],
    test: 'Đọc ngày hết hạn của từng chứng chỉ trong chuỗi rồi so với hôm nay.',
  },
  'certificate.not-yet-valid': {
    title: 'Chứng chỉ chưa có hiệu lực',
    meaning: 'Chứng chỉ bắt đầu có hiệu lực sau hôm nay. Phần lớn là do đồng hồ của máy này chạy chậm.',
    fix: [
      'Kiểm tra ngày, giờ và năm của máy này.',
      'Hỏi quản trị viên xem chứng chỉ có được cấp cho thời điểm sau này không, hay được cấp trên máy có đồng hồ chạy nhanh.',
      'Nếu cả hai đều đúng, đợi đến ngày chứng chỉ có hiệu lực.',
    ],
    test: 'So ngày bắt đầu hiệu lực của chứng chỉ với một đồng hồ chắc chắn đúng.',
  },
  'certificate.revoked': {
    title: 'Chứng chỉ đã bị thu hồi',
    meaning:
      'Tổ chức cấp chứng chỉ đã thu hồi chứng chỉ trước hạn, chẳng hạn vì khóa bị đánh cắp. Không được tin chứng chỉ này nữa.',
    fix: ['Nhờ quản trị viên xin cấp chứng chỉ mới với khóa mới rồi cài vào máy chủ.', 'Trong lúc chờ, không gửi mật khẩu.'],
    test: 'Hỏi máy chủ OCSP hoặc danh sách thu hồi ghi trong chứng chỉ (--check-revocation).',
  },
  'certificate.identity-differs': {
    title: 'Chứng chỉ cấp cho tên máy chủ khác',
    meaning: 'Chứng chỉ không có tên {host}. Các tên trong chứng chỉ: {names}.',
    fix: [
      'Dùng một tên trong chứng chỉ làm tên máy chủ, nếu tên đó là của nhà cung cấp bạn dùng.',
      'Nhập tên máy chủ thay cho địa chỉ IP.',
      'Dùng tên máy chủ trên trang trợ giúp của nhà cung cấp: với hosting chia sẻ, đó thường là tên của máy chủ hosting chứ không phải tên miền của bạn.',
      'Nếu máy chủ là của bạn, xin cấp chứng chỉ có tên này trong mục subject alternative name.',
      'Nếu các tên thuộc về bên lạ, không gửi mật khẩu: máy chủ khác đang trả lời.',
    ],
    test: 'Đọc mục subject alternative name của chứng chỉ: không có tên máy chủ trong đó.',
  },
  'certificate.weak': {
    title: 'Chứng chỉ quá yếu',
    meaning: 'Khóa của một chứng chỉ quá ngắn, hoặc chữ ký dùng thuật toán có thể bị giả mạo (MD5, SHA-1).',
    fix: [
      'Nhờ quản trị viên xin chứng chỉ mới có khóa RSA 2048 bit hoặc P-256 và chữ ký SHA-256.',
      'Nếu chứng chỉ do CA riêng của bạn cấp, thay cả chứng chỉ gốc và chứng chỉ trung gian.',
    ],
    test: 'Đọc độ dài khóa và thuật toán chữ ký của từng chứng chỉ trong chuỗi.',
  },
  'certificate.revocation-unchecked': {
    title: 'Không kiểm tra được chứng chỉ có bị thu hồi không',
    meaning:
      'Không tới được danh sách thu hồi hoặc máy chủ OCSP của tổ chức cấp chứng chỉ, hoặc câu trả lời không dùng được. Chưa có thông tin nào cho thấy chứng chỉ bị thu hồi.',
    fix: [
      'Cho phép kết nối trong mạng này tới địa chỉ của tổ chức cấp chứng chỉ ghi trong chứng chỉ (cổng 80).',
      'Thử lại sau: dịch vụ của tổ chức cấp chứng chỉ có thể đang ngừng.',
      'Nếu tổ chức cấp chứng chỉ có OCSP, nhờ quản trị viên cho máy chủ đính kèm (staple) câu trả lời OCSP mới.',
    ],
    test: 'Tự tải danh sách thu hồi hoặc câu trả lời OCSP từ mạng khác.',
  },
  'certificate.expires-soon': {
    title: 'Chứng chỉ sắp hết hạn',
    meaning:
      'Hôm nay chứng chỉ còn hiệu lực nhưng sẽ hết hạn trong vòng 30 ngày. Nếu đến lúc đó chưa gia hạn, mọi chương trình sẽ từ chối máy chủ.',
    fix: [
      'Nhờ quản trị viên gia hạn chứng chỉ và nạp lại máy chủ thư.',
      'Kiểm tra việc gia hạn tự động có hoạt động không (certbot renew --dry-run).',
    ],
    test: 'Đọc ngày hết hạn của chứng chỉ rồi so với hôm nay.',
  },
  'certificate.chain-order': {
    title: 'Chuỗi chứng chỉ được gửi sai thứ tự',
    meaning:
      'Máy chủ gửi các chứng chỉ không đúng thứ tự, bị lặp, hoặc kèm chứng chỉ không thuộc chuỗi. Ở đây vẫn dùng được; chương trình cũ có thể từ chối.',
    fix: [
      'Nhờ quản trị viên xếp lại chứng chỉ: của máy chủ trước, rồi mỗi bên cấp đứng sau chứng chỉ mà nó cấp.',
      'Bỏ chứng chỉ gốc và các chứng chỉ không thuộc chuỗi.',
    ],
    test: 'Liệt kê chủ thể và bên cấp của các chứng chỉ theo thứ tự gửi (openssl s_client -showcerts).',
  },
  'certificate.not-reloaded': {
    title: 'Chưa phải dịch vụ nào cũng có chứng chỉ mới',
    meaning:
      'Máy chủ này đưa ra các chứng chỉ khác nhau: ở {good} chứng chỉ tốt, ở {bad} chứng chỉ không đạt. Chứng chỉ tốt đã được cài, nhưng dịch vụ hoặc địa chỉ này chưa dùng nó, hoặc từ đó chưa được nạp lại.',
    fix: [
      'Nạp lại dịch vụ ở {bad} để nó đọc lại chứng chỉ (systemctl reload dovecot, postfix reload).',
      'Kiểm tra cấu hình của nó có chỉ đến cùng tệp chứng chỉ với dịch vụ ở {good} hay không.',
      'Cho việc gia hạn tự động nạp lại mọi dịch vụ thư (certbot: --deploy-hook).',
    ],
    test: 'So sánh dấu vân tay của chứng chỉ trên các cổng và địa chỉ của máy chủ.',
  },
  'certificate.trust-differs': {
    title: 'Không phải kho tin cậy nào cũng nhận chứng chỉ này',
    meaning:
      'Kho chứng chỉ gốc của hệ điều hành và của chương trình không thống nhất về tổ chức cấp chứng chỉ này. Sẽ có chương trình kết nối được và có chương trình từ chối.',
    fix: [
      'Cập nhật các chứng chỉ gốc của máy này (ca-certificates, Windows Update).',
      'Cập nhật Node.js, Java hoặc chương trình có kho chứng chỉ gốc riêng.',
      'Nhờ quản trị viên dùng chứng chỉ của tổ chức mà mọi kho đều biết.',
    ],
    test: 'Kiểm tra một lần với chứng chỉ gốc của tổ chức đó trong --ca-file.',
  },
  'certificate.trust-overridden': {
    title: 'Biến môi trường thay đổi việc tin cậy chứng chỉ',
    meaning:
      'Một cài đặt bên ngoài thêm tổ chức cấp chứng chỉ được tin cậy, hoặc tắt việc xác minh ở các chương trình khác. Kết luận ở đây nêu rõ điều đó chứ không lặng lẽ làm theo.',
    fix: [
      'Bỏ biến NODE_TLS_REJECT_UNAUTHORIZED: nó tắt việc kiểm tra chứng chỉ của các chương trình Node.js.',
      'Đưa chứng chỉ gốc bằng --ca-file thay cho NODE_EXTRA_CA_CERTS hoặc SSL_CERT_FILE, để báo cáo ghi rõ.',
    ],
    test: 'Bỏ biến đó rồi kiểm tra lại.',
  },
  'auth.too-many-attempts': {
    title: 'Đăng nhập quá nhiều lần nên tạm thời bị chặn',
    meaning:
      'Máy chủ đếm số lần đăng nhập hoặc số lần sai, và từ chối thêm trong một thời gian, với địa chỉ này hoặc với tài khoản này. Điều đó chưa cho biết mật khẩu hiện tại đúng hay sai.',
    fix: [
      'Dừng mọi chương trình và thiết bị dùng tài khoản này, đợi một giờ rồi mới thử lại.',
      'Tìm thiết bị hoặc script còn dùng mật khẩu cũ và sửa lại.',
      'Kiểm tra thư thưa hơn và dùng ít kết nối hơn.',
      'Tự đăng nhập một lần bằng mật khẩu đúng, rồi mới bật lại các chương trình.',
      'Nếu địa chỉ của máy này vẫn bị cấm, nhờ quản trị viên máy chủ gỡ (fail2ban, cPHulk, CSF).',
    ],
    test: 'Đợi một giờ không đăng nhập lần nào, rồi đăng nhập một lần: nếu được thì nguyên nhân là giới hạn này.',
  },
  'auth.temporary-failure': {
    title: 'Máy chủ tạm thời không kiểm tra được đăng nhập',
    meaning: 'Bộ phận kiểm tra tên đăng nhập và mật khẩu của máy chủ đang ngừng hoặc quá tải. Chưa biết mật khẩu đúng hay sai.',
    fix: [
      'Đợi 15 phút rồi kiểm tra lại.',
      'Giữ nguyên mật khẩu.',
      'Xem trang tình trạng dịch vụ của nhà cung cấp.',
      'Nếu kéo dài, gửi câu trả lời kèm thời điểm cho nhà cung cấp hoặc quản trị viên.',
      'Nếu máy chủ là của bạn, xem nhật ký của phần xác thực (Dovecot auth socket, saslauthd, LDAP hoặc cơ sở dữ liệu).',
    ],
    test: 'Lát sau kiểm tra lại với cùng mật khẩu: lỗi tạm thời sẽ tự hết.',
  },
  'auth.encryption-required': {
    title: 'Không cho đăng nhập khi kết nối chưa mã hóa',
    meaning: 'Máy chủ không nhận mật khẩu trên kết nối không có TLS. Tên đăng nhập và mật khẩu hoàn toàn chưa được xét đến.',
    fix: [
      'Đặt kiểu bảo mật kết nối trong ứng dụng email là SSL/TLS: cổng 995 cho POP, 993 cho IMAP, 465 cho SMTP.',
      'Hoặc đặt STARTTLS: cổng 110 cho POP, 143 cho IMAP, 587 cho SMTP.',
      'Bỏ cài đặt kiểu “chỉ dùng TLS nếu có” hoặc “không mã hóa”.',
      'Nếu chương trình không có TLS, thay bằng phiên bản mới hơn hoặc đặt một proxy TLS phía trước nó.',
    ],
    test: 'Kết nối bằng TLS rồi xem danh sách tính năng: các cách đăng nhập sẽ xuất hiện ở đó.',
  },
  'auth.mechanism-unsupported': {
    title: 'Không có phương thức xác thực chung cho hai bên',
    meaning:
      'Phương thức đăng nhập đã chọn (như “mật khẩu mã hóa” hay CRAM-MD5) không được {host} chấp nhận, hoặc hai bên không có phương thức nào chung. Bản thân mật khẩu chưa được xét đến.',
    fix: [
      'Đặt phương thức xác thực của ứng dụng email là “mật khẩu thông thường” cùng với SSL/TLS hoặc STARTTLS.',
      'Tắt “xác thực mật khẩu bảo mật” (SPA) hoặc “mật khẩu mã hóa”.',
      'Nếu máy chủ chỉ liệt kê XOAUTH2 hoặc OAUTHBEARER, chọn OAuth2.',
      'Nếu bạn đã ép một phương thức bằng --mechanism thì bỏ nó đi.',
      'Trên máy chủ Postfix gửi qua máy chủ khác, cài các phần bổ trợ SASL (Debian: libsasl2-modules).',
    ],
    test: 'So phương thức đã dùng với danh sách máy chủ đưa ra sau TLS, rồi đăng nhập một lần bằng PLAIN.',
  },
  'auth.not-offered': {
    title: 'Máy chủ không cho đăng nhập ở cổng này',
    meaning:
      'Danh sách tính năng của {host} ở đây không có cách đăng nhập nào. Thường là cổng này dành cho thư giữa các máy chủ (25), hoặc dịch vụ được thiết lập không có xác thực.',
    fix: [
      'Đặt cổng gửi thư là 465 với SSL/TLS hoặc 587 với STARTTLS.',
      'Đối chiếu tên máy chủ và cổng với trang của nhà cung cấp; có nhà cung cấp dùng cổng riêng.',
      'Nếu máy chủ cho mạng của bạn gửi thư không cần đăng nhập, chọn “không xác thực” trong ứng dụng email.',
      'Nhờ quản trị viên máy chủ bật xác thực cho cổng này (Postfix: smtpd_sasl_auth_enable).',
    ],
    test: 'Xem danh sách tính năng sau TLS ở cổng 465 và 587: cổng nào có AUTH thì đăng nhập ở đó.',
  },
  'auth.required': {
    title: 'Máy chủ yêu cầu đăng nhập trước khi nhận thư',
    meaning:
      'Lệnh bị từ chối vì chưa ai đăng nhập trên kết nối này. Ứng dụng email gửi thư mà không xác thực, hoặc việc đăng nhập đã không diễn ra.',
    fix: [
      'Bật “máy chủ thư đi của tôi yêu cầu xác thực” trong ứng dụng email.',
      'Nhập tên đăng nhập là địa chỉ email đầy đủ, cùng mật khẩu (hoặc mật khẩu ứng dụng), cho cả máy chủ thư đi.',
      'Đặt cổng 587 với STARTTLS hoặc 465 với SSL/TLS: nhiều máy chủ chỉ cho đăng nhập ở đó.',
      'Trong script, đặt tên đăng nhập và mật khẩu cho thư viện SMTP, và cho nó dùng TLS.',
      'Với thiết bị không đăng nhập được, xin quản trị viên một máy chủ chuyển tiếp cho phép địa chỉ của nó.',
    ],
    test: 'Tìm trong nhật ký trao đổi một lệnh AUTH được chấp nhận (235) trước lệnh bị từ chối: không có.',
  },
  'auth.withheld': {
    title: 'Chưa gửi thông tin đăng nhập vì kết nối không an toàn',
    meaning:
      'Tên đăng nhập và mật khẩu được giữ lại, vì kết nối tới {host} không mã hóa hoặc chưa chứng minh được đó là đúng máy chủ. Chưa thử xem chúng đúng hay sai.',
    fix: [
      'Nếu báo cáo nêu lỗi về chứng chỉ hoặc danh tính máy chủ, khắc phục lỗi đó trước.',
      'Dùng cổng có TLS: 995 cho POP, 993 cho IMAP, 465 hoặc 587 cho SMTP.',
      'Chỉ khi bạn tin cả máy chủ lẫn mạng, kiểm tra lại với --insecure-auth.',
    ],
    test: 'Kiểm tra lại qua TLS với chứng chỉ hợp lệ: khi đó việc đăng nhập sẽ được thử.',
  },
  'auth.basic-disabled': {
    title: 'Không còn nhận mật khẩu, phải dùng OAuth 2.0',
    meaning:
      'Nhà cung cấp đã tắt đăng nhập bằng mật khẩu (“basic authentication”) cho dịch vụ này. Mật khẩu cũ hay mới đều không được: chương trình phải đăng nhập bằng OAuth 2.0.',
    fix: [
      'Chọn phương thức xác thực “OAuth2” trong ứng dụng email, cho cả máy chủ thư đến và máy chủ thư đi.',
      'Nếu chương trình không có OAuth 2.0, cập nhật hoặc dùng chương trình khác có hỗ trợ.',
      'Xóa tài khoản khỏi ứng dụng email rồi thêm lại bằng “đăng nhập bằng Microsoft” hoặc “đăng nhập bằng Google”.',
      'Với script, đăng ký một ứng dụng ở nhà cung cấp và đưa mã truy cập (access token) vào lần kiểm tra bằng --token-command.',
      'Với máy in hoặc máy quét chỉ biết mật khẩu, xin quản trị viên một máy chủ chuyển tiếp hoặc dùng dịch vụ gửi thư khác.',
      'Nếu tài khoản thuộc một tổ chức, hỏi quản trị viên xem chính sách xác thực nào áp dụng cho nó.',
    ],
    test: 'Xem các cơ chế máy chủ đưa ra sau TLS: nếu chỉ có XOAUTH2 hoặc OAUTHBEARER thì không mật khẩu nào dùng được.',
  },
  'auth.smtp-disabled': {
    title: 'Tài khoản này bị tắt gửi thư qua SMTP',
    meaning:
      'SMTP có xác thực đang tắt với hộp thư này hoặc với cả tổ chức. Việc đọc thư vẫn có thể bình thường, và đổi mật khẩu cũng không thay đổi gì.',
    fix: [
      'Bật quyền truy cập SMTP trong cài đặt hộp thư của nhà cung cấp (QQ và NetEase: Cài đặt > POP3/SMTP/IMAP; OVH: quản lý địa chỉ > SMTP có xác thực).',
      'Trong Microsoft 365, nhờ quản trị viên cho phép “Authenticated SMTP” (SMTP có xác thực) với hộp thư này (trung tâm quản trị > người dùng hiện hoạt > thư > quản lý ứng dụng email, hoặc Set-CASMailbox -SmtpClientAuthenticationDisabled $false).',
      'Nếu cả tổ chức bị tắt, nhờ quản trị viên cho phép (Set-TransportConfig -SmtpClientAuthenticationDisabled $false) hoặc cho hộp thư này làm ngoại lệ.',
      'Đợi một giờ sau khi đổi rồi kiểm tra lại.',
      'Nếu không thể bật, gửi qua máy chủ chuyển tiếp của tổ chức hoặc một dịch vụ gửi thư.',
    ],
    test: 'Đăng nhập IMAP hoặc POP bằng cùng tên đăng nhập và mật khẩu: nếu được thì chỉ SMTP bị tắt.',
  },
  'auth.protocol-disabled': {
    title: 'Tài khoản này chưa bật POP hoặc IMAP',
    meaning:
      'Tài khoản có tồn tại và mật khẩu có thể đúng, nhưng việc truy cập bằng giao thức này đang tắt. Nhiều nhà cung cấp để tắt cho đến khi bạn bật lên.',
    fix: [
      'Bật POP hoặc IMAP trong cài đặt webmail (Gmail: Cài đặt > Chuyển tiếp và POP/IMAP; Zoho: Cài đặt > Tài khoản thư; Yandex: All settings > Email clients; GMX và WEB.DE: E-Mail > POP3/IMAP).',
      'Trong Outlook.com, bật “Cho phép các thiết bị và ứng dụng sử dụng POP/IMAP” ở Cài đặt > Thư > Chuyển tiếp và IMAP.',
      'Nếu tài khoản do quản trị viên quản lý, nhờ họ cho phép giao thức này với hộp thư (Microsoft 365: Set-CASMailbox -ImapEnabled $true hoặc -PopEnabled $true).',
      'Nếu hộp thư mới tạo, đăng nhập webmail một lần.',
      'Kiểm tra gói dịch vụ có giao thức này không: một số gói miễn phí không có.',
      'Đợi vài phút rồi kiểm tra lại.',
    ],
    test: 'Đăng nhập bằng giao thức khác với cùng tên đăng nhập và mật khẩu, hoặc xem nút bật tắt trong cài đặt webmail.',
  },
  'auth.web-login-required': {
    title: 'Cần đăng nhập bằng trình duyệt trước',
    meaning:
      'Nhà cung cấp giữ lại lần đăng nhập này cho đến khi bạn xác nhận trong trình duyệt: lần đăng nhập trông bất thường, hoặc có điều khoản mới, mã captcha hay yêu cầu đồng ý đang chờ. Bản thân mật khẩu có thể đúng.',
    fix: [
      'Mở trang mà máy chủ nêu trong câu trả lời, hoặc webmail của nhà cung cấp, rồi đăng nhập tài khoản này ở đó.',
      'Xác nhận thông báo đăng nhập bất thường, điều khoản mới hoặc yêu cầu đồng ý.',
      'Kiểm tra lại trong vòng vài phút, từ cùng mạng.',
      'Với máy chủ chạy ở nơi khác, đăng nhập một lần qua mạng của nó, hoặc dùng mật khẩu ứng dụng hay OAuth 2.0.',
    ],
    test: 'Đăng nhập webmail: nhà cung cấp hiện cảnh báo, điều khoản hoặc captcha ở đó, và sau đó đăng nhập được.',
  },
  'auth.policy-blocked': {
    title: 'Một quy tắc bảo mật chặn lần đăng nhập này',
    meaning:
      'Máy chủ từ chối vì một quy tắc (Conditional Access, security defaults, danh sách địa chỉ hoặc quốc gia được phép), không phải vì mật khẩu. Chỉ người đặt quy tắc mới đổi được.',
    fix: [
      'Gửi câu trả lời của máy chủ cho quản trị viên và hỏi quy tắc nào chặn (Microsoft Entra: nhật ký đăng nhập của người dùng).',
      'Nhờ họ cho tài khoản này, hoặc địa chỉ của máy này, làm ngoại lệ.',
      'Kiểm tra từ chính mạng của tổ chức, không qua VPN.',
      'Nếu quy tắc do bạn đặt (địa chỉ hoặc quốc gia được phép trong phần bảo mật của tài khoản), thêm địa chỉ của máy này vào đó.',
      'Dùng ứng dụng email có OAuth 2.0, vì phần lớn quy tắc loại này cho qua.',
    ],
    test: 'Xem nhật ký đăng nhập của tài khoản, hoặc đăng nhập từ mạng khác: tên quy tắc hiện trong nhật ký, hoặc quy tắc không áp dụng ở mạng kia.',
  },
  'auth.plan-restriction': {
    title: 'Gói dịch vụ hoặc giấy phép không gồm quyền này',
    meaning:
      'Tài khoản có tồn tại nhưng gói dịch vụ không cho truy cập kiểu này: một số gói miễn phí hoặc dùng thử không có POP, IMAP hay SMTP, chỉ gửi được tới địa chỉ đã xác nhận, hoặc đã dùng hết hạn mức.',
    fix: [
      'Xem trang gói dịch vụ của nhà cung cấp để biết gói của bạn có POP, IMAP hay SMTP không.',
      'Nâng cấp gói, hoặc chuyển tài khoản sang gói có quyền này.',
      'Dùng tên máy chủ đúng với gói của bạn (Zoho: pop, imap và smtp cho tài khoản cá nhân, poppro, imappro và smtppro cho tài khoản tổ chức).',
      'Với gói thử nghiệm hoặc sandbox, thêm tên miền của bạn hoặc xác nhận địa chỉ người nhận.',
      'Trong tổ chức, nhờ quản trị viên cấp giấy phép có hộp thư.',
    ],
    test: 'Xem gói dịch vụ trên trang tài khoản của nhà cung cấp: ở đó ghi có cho ứng dụng email truy cập hay không.',
  },
  'auth.account-locked': {
    title: 'Tài khoản tạm thời bị khóa',
    meaning:
      'Tài khoản bị khóa trong một thời gian, do nhập sai mật khẩu nhiều lần hoặc do nhà cung cấp nghi bị lạm dụng. Mật khẩu đúng cũng bị từ chối cho đến khi mở khóa.',
    fix: [
      'Dừng mọi chương trình và thiết bị còn dùng mật khẩu cũ.',
      'Đăng nhập trang web của nhà cung cấp và làm theo các bước mở khóa tài khoản.',
      'Đổi mật khẩu nếu người khác có thể biết.',
      'Đợi hết thời gian nhà cung cấp nêu, ít nhất một giờ, rồi mới thử lại.',
      'Trong tổ chức, nhờ quản trị viên mở khóa tài khoản (Microsoft 365: Defender > thực thể bị hạn chế, Restricted entities).',
    ],
    test: 'Đăng nhập trang web: nếu bị khóa thì ở đó có báo, và sau khi mở khóa thì đăng nhập được bằng chính mật khẩu đó.',
  },
  'auth.account-disabled': {
    title: 'Tài khoản bị vô hiệu hóa, đã đóng hoặc không tồn tại',
    meaning:
      'Máy chủ biết rằng không ai được đăng nhập tài khoản này: tài khoản bị đình chỉ, đã đóng, chưa trả phí hoặc đã xóa. Không mật khẩu nào mở được.',
    fix: [
      'Kiểm tra xem địa chỉ có bị gõ sai không.',
      'Đăng nhập trang web của nhà cung cấp và đọc thông báo về tài khoản.',
      'Nếu còn hóa đơn chưa trả, thanh toán; nếu tài khoản bị đóng vì lâu không dùng, kích hoạt lại.',
      'Hỏi nhà cung cấp hoặc quản trị viên vì sao tài khoản bị vô hiệu hóa và nhờ bật lại.',
    ],
    test: 'Đăng nhập trang web: nếu tài khoản bị đình chỉ hoặc đã đóng thì ở đó có ghi rõ.',
  },
  'auth.app-password-required': {
    title: 'Cần mật khẩu ứng dụng thay cho mật khẩu tài khoản',
    meaning:
      'Nhà cung cấp không nhận mật khẩu của tài khoản từ ứng dụng email. Cần mật khẩu ứng dụng (có nơi gọi là mã ủy quyền) do bạn tạo riêng cho chương trình này.',
    fix: [
      'Bật xác thực hai bước trong phần bảo mật của nhà cung cấp, nếu phải bật mới có mật khẩu ứng dụng.',
      'Tạo mật khẩu ứng dụng ở đó (Gmail, Yahoo, iCloud và Zoho: Tài khoản > Bảo mật > Mật khẩu ứng dụng; QQ và NetEase: Cài đặt > POP3/IMAP/SMTP > Mã ủy quyền).',
      'Nhập nó thay cho mật khẩu của tài khoản, không có dấu cách, và dùng địa chỉ email đầy đủ làm tên đăng nhập.',
      'Nhập cho cả máy chủ thư đến và máy chủ thư đi.',
      'Nếu nhà cung cấp không có mật khẩu ứng dụng, chọn phương thức xác thực OAuth 2.0 trong ứng dụng email.',
      'Nếu tài khoản do quản trị viên quản lý, nhờ họ cho phép mật khẩu ứng dụng.',
    ],
    test: 'Đăng nhập một lần bằng mật khẩu ứng dụng vừa tạo: nếu được thì đúng là nguyên nhân này.',
  },
  'auth.token-rejected': {
    title: 'Token OAuth 2.0 không được chấp nhận',
    meaning:
      'Mã truy cập (access token) đã hết hạn, bị thu hồi, hoặc được cấp cho người dùng, đối tượng (audience) hay phạm vi (scope) khác với yêu cầu của {host}. Mật khẩu của tài khoản không liên quan.',
    fix: [
      'Đăng nhập lại để ứng dụng email nhận mã truy cập mới.',
      'Kiểm tra token có thuộc cùng hộp thư với tên đăng nhập không.',
      'Kiểm tra scope của token: https://mail.google.com/ với Gmail; IMAP.AccessAsUser.All, POP.AccessAsUser.All hoặc SMTP.Send của https://outlook.office.com với Microsoft.',
      'Nếu quyền truy cập đã bị rút hoặc mật khẩu đã đổi, xóa tài khoản khỏi ứng dụng email rồi thêm lại.',
      'Với ứng dụng không có người dùng trong Microsoft 365, nhờ quản trị viên đăng ký nó trong Exchange (New-ServicePrincipal) và cấp quyền vào hộp thư (Add-MailboxPermission).',
      'So đồng hồ của máy này với giờ thật: token tạo theo đồng hồ sai bị coi là hết hạn.',
    ],
    test: 'Lấy mã truy cập mới cho đúng hộp thư và scope này rồi đăng nhập một lần: nếu được thì nguyên nhân là token cũ.',
  },
  'auth.password-expired': {
    title: 'Mật khẩu đã hết hạn và phải đổi',
    meaning: 'Mật khẩu này từng đúng, nhưng {host} không nhận nữa cho đến khi bạn đặt mật khẩu mới.',
    fix: [
      'Đăng nhập trang web của nhà cung cấp hoặc của tổ chức và đặt mật khẩu mới.',
      'Nhập mật khẩu mới cho máy chủ thư đến trong ứng dụng email.',
      'Nhập mật khẩu mới cho cả máy chủ thư đi.',
      'Đổi trên mọi thiết bị và chương trình khác đọc hộp thư này, để mật khẩu cũ không làm tài khoản bị khóa.',
      'Nếu bạn không tự đổi được, nhờ quản trị viên đặt lại.',
    ],
    test: 'Đăng nhập trang web: nếu mật khẩu hết hạn thì ở đó sẽ yêu cầu đổi.',
  },
  'auth.credentials-rejected': {
    title: 'Tên đăng nhập hoặc mật khẩu không được chấp nhận',
    meaning:
      'Thông tin đăng nhập đã tới {host} và bị từ chối: theo máy chủ báo, tên đăng nhập và mật khẩu này không khớp nhau. Nhiều máy chủ trả lời giống nhau khi mật khẩu sai, khi không có người dùng đó và khi quyền truy cập bị tắt.',
    fix: [
      'Đăng nhập trang web của nhà cung cấp bằng cùng tên đăng nhập và mật khẩu; nếu cũng không được thì đặt lại mật khẩu ở đó.',
      'Dùng địa chỉ email đầy đủ làm tên đăng nhập, trừ khi nhà cung cấp yêu cầu dạng khác.',
      'Nếu đã bật xác thực hai bước, tạo mật khẩu ứng dụng và dùng nó thay cho mật khẩu của tài khoản.',
      'Nếu mật khẩu đã đổi, nhập mật khẩu mới cho cả máy chủ thư đến và máy chủ thư đi.',
      'Nếu bạn đăng nhập bằng Google, Facebook hay tương tự, tạo mật khẩu riêng cho tài khoản bằng mục “quên mật khẩu” ở trang đăng nhập của nhà cung cấp.',
      'Kiểm tra trong cài đặt của nhà cung cấp xem bạn có quyền dùng POP, IMAP hay SMTP và đã bật chưa.',
      'Đối chiếu tên máy chủ và cổng với trang của nhà cung cấp: máy chủ của gói dịch vụ hay trung tâm dữ liệu khác không biết tài khoản này.',
    ],
    test: 'Đăng nhập trang web của nhà cung cấp bằng cùng tên đăng nhập và mật khẩu: nếu được thì lỗi không phải ở mật khẩu.',
  },
  'auth.unexplained': {
    title: 'Đăng nhập thất bại, thông báo không nêu lý do',
    meaning:
      'Ứng dụng email báo đăng nhập thất bại nhưng giấu câu trả lời của máy chủ. Sai mật khẩu, thiếu mật khẩu ứng dụng, quyền truy cập bị tắt hay tài khoản bị khóa đều cho ra thông báo như vậy.',
    fix: [
      'Kiểm tra máy chủ bằng mailcheck để thấy nguyên văn câu trả lời của máy chủ.',
      'Hoặc bật nhật ký gỡ lỗi của chương trình (PHPMailer: SMTPDebug = 2; nodemailer: debug và logger) rồi dán câu trả lời của máy chủ để mailcheck giải thích.',
      'Đăng nhập trang web của nhà cung cấp bằng cùng tên đăng nhập và mật khẩu.',
      'Dùng địa chỉ email đầy đủ làm tên đăng nhập.',
      'Nếu đã bật xác thực hai bước, dùng mật khẩu ứng dụng.',
      'Nếu mật khẩu đã đổi, nhập mật khẩu mới cho cả máy chủ thư đến và máy chủ thư đi.',
      'Kiểm tra ở nhà cung cấp xem quyền truy cập POP, IMAP hay SMTP đã bật chưa.',
    ],
    test: 'Xem chính câu trả lời của máy chủ, trong nhật ký gỡ lỗi hoặc khi kiểm tra trực tiếp: ở đó có lý do mà chương trình giấu đi.',
  },
  'mailbox.in-use': {
    title: 'Hộp thư đang được một phiên khác sử dụng',
    meaning: 'Hộp thư POP mỗi lúc chỉ cho một phiên, và phiên khác đang giữ khóa. Tên đăng nhập và mật khẩu đã được chấp nhận.',
    fix: [
      'Đóng ứng dụng email trên các thiết bị khác, đợi 10 phút cho khóa hết hạn.',
      'Đặt mọi chương trình kiểm tra thư thưa hơn, nhiều nhất 10 phút một lần.',
      'Dùng IMAP thay cho POP nếu nhiều thiết bị cùng đọc một hộp thư.',
      'Nếu khóa vẫn còn, nhờ nhà cung cấp gỡ.',
    ],
    test: 'Đóng mọi chương trình khác, đợi 10 phút rồi đăng nhập lại: khóa sẽ không còn.',
  },
  'mailbox.login-delay': {
    title: 'Hộp thư bị kiểm tra quá thường xuyên',
    meaning:
      'Máy chủ yêu cầu một khoảng cách tối thiểu giữa hai lần đăng nhập, và lần này đến quá sớm. Tên đăng nhập và mật khẩu không có lỗi.',
    fix: [
      'Đặt khoảng thời gian kiểm tra thư của mọi ứng dụng email từ 15 phút trở lên.',
      'Đợi đủ khoảng đó rồi mới đăng nhập lại.',
      'Chỉ để một chương trình hoặc thiết bị kiểm tra hộp thư này.',
    ],
    test: 'Đợi đủ thời gian máy chủ nêu trong danh sách tính năng rồi đăng nhập một lần.',
  },
  'mailbox.over-quota': {
    title: 'Hộp thư đã đầy',
    meaning:
      'Hộp thư đã hết dung lượng: thư mới bị từ chối, có máy chủ còn không cho đăng nhập hay gửi thư. Nếu đây là thư báo lỗi trả về thì hộp thư đầy là của người nhận.',
    fix: [
      'Xóa thư lớn và thư cũ trong webmail, dọn sạch thùng rác và thư mục thư rác.',
      'Nếu ứng dụng email để lại bản sao trên máy chủ, cho nó xóa sau vài ngày.',
      'Mua thêm dung lượng hoặc xin quản trị viên tăng hạn mức.',
      'Nếu hộp thư của người nhận đầy, liên lạc với họ bằng cách khác rồi gửi lại sau.',
    ],
    test: 'Xem dung lượng đã dùng trong webmail, hoặc nhờ người nhận xem phía họ.',
  },
  'mailbox.client-id-required': {
    title: 'Máy chủ yêu cầu ứng dụng email xưng tên',
    meaning:
      'Đăng nhập được chấp nhận, nhưng các thư mục vẫn đóng (“Unsafe Login”) cho đến khi chương trình gửi lệnh IMAP ID. NetEase (163, 126, yeah.net, 188) yêu cầu điều này.',
    fix: [
      'Cập nhật ứng dụng email lên phiên bản có gửi lệnh IMAP ID sau khi đăng nhập.',
      'Trong script, gửi ID kèm tên và phiên bản ngay sau LOGIN, trước SELECT.',
      'Nếu chương trình không gửi được ID, dùng POP thay cho IMAP.',
      'Nếu đã gửi ID mà vẫn bị từ chối, đăng nhập webmail và xác nhận thiết bị mới, hoặc viết thư tới địa chỉ nêu trong câu trả lời.',
    ],
    test: 'Gửi ID sau khi đăng nhập rồi mở lại thư mục: thư mục sẽ mở được.',
  },
  'mailbox.unusable': {
    title: 'Đăng nhập được nhưng không mở được hộp thư',
    meaning:
      'Tên đăng nhập và mật khẩu được chấp nhận, rồi máy chủ từ chối mở hộp thư. Có thể giao thức này bị tắt, thiếu giấy phép, hộp thư đang được chuyển đi, hoặc nơi lưu trữ bị hỏng.',
    fix: [
      'Đăng nhập webmail và xem hộp thư có mở được ở đó không.',
      'Kiểm tra trong cài đặt tài khoản xem POP hoặc IMAP đã bật chưa.',
      'Dùng địa chỉ chính làm tên đăng nhập, không dùng bí danh hay hộp thư dùng chung.',
      'Đợi 15 phút rồi kiểm tra lại.',
      'Gửi câu trả lời của máy chủ cho nhà cung cấp hoặc quản trị viên và nhờ họ xem hộp thư.',
    ],
    test: 'Mở hộp thư trong webmail: nếu cũng không được thì hộp thư bị hỏng, nếu được thì vướng ở giao thức này.',
  },
  'sender.not-owned': {
    title: 'Địa chỉ người gửi không thuộc tài khoản này',
    meaning:
      'Tài khoản đã đăng nhập không được gửi bằng địa chỉ người gửi này: nó không phải địa chỉ của tài khoản cũng không phải bí danh. Các nhà cung cấp còn gọi lỗi này là “relaying disallowed” hoặc “not owned by user”.',
    fix: [
      'Trong ứng dụng email hoặc script, đặt địa chỉ người gửi (From) là địa chỉ của tài khoản đăng nhập.',
      'Kiểm tra xem địa chỉ đó có bị gõ sai hoặc để trống không.',
      'Nếu muốn gửi bằng địa chỉ kia, thêm nó làm bí danh hoặc người gửi đã xác nhận trong cài đặt của nhà cung cấp.',
      'Đăng nhập bằng tài khoản có địa chỉ người gửi đó.',
      'Muốn chuyển tiếp lời mời lịch từ Outlook, gửi nó dạng tệp đính kèm: nếu không, Outlook lấy người tổ chức làm người gửi.',
      'Với biểu mẫu web, đặt địa chỉ của khách vào Reply-To và địa chỉ của bạn vào From.',
      'Trong Microsoft 365, xin quản trị viên quyền “Send as” (gửi bằng địa chỉ đó) với hộp thư kia.',
    ],
    test: 'Gửi bằng chính địa chỉ của tài khoản: nếu được thì nguyên nhân là địa chỉ kia.',
  },
  'sender.relay-denied': {
    title: 'Máy chủ không chuyển tiếp thư tới người nhận này',
    meaning:
      'Máy chủ nhận thư cho hộp thư của mình nhưng không chuyển tiếp sang tên miền khác cho kết nối này: chưa đăng nhập, hoặc tài khoản không có quyền đó.',
    fix: [
      'Bật “máy chủ thư đi của tôi yêu cầu xác thực” trong ứng dụng email.',
      'Nhập tên đăng nhập và mật khẩu cho máy chủ thư đi, tên đăng nhập là địa chỉ email đầy đủ.',
      'Đặt cổng 587 với STARTTLS hoặc 465 với SSL/TLS, thay cho 25.',
      'Dùng máy chủ thư đi của nhà cung cấp tài khoản, không dùng máy chủ của nhà mạng Internet.',
      'Trong biểu mẫu web hoặc script, đặt tên đăng nhập và mật khẩu của máy chủ SMTP.',
      'Nếu thư của tên miền đã chuyển sang nhà cung cấp khác, tắt phân phối thư cục bộ cho tên miền này trên hosting (“remote mail server”).',
      'Nếu máy chủ là của bạn, cho phép địa chỉ của thiết bị hoặc người đã đăng nhập chuyển tiếp (Postfix: permit_sasl_authenticated).',
    ],
    test: 'Gửi tới một địa chỉ thuộc tên miền của máy chủ, rồi tới một địa chỉ khác: chỉ địa chỉ sau bị từ chối, và đăng nhập rồi thì gửi được.',
  },
  'sender.blocked': {
    title: 'Người gửi này bị chặn gửi thư',
    meaning:
      'Máy chủ nhận đăng nhập hoặc kết nối, nhưng hiện không cho tài khoản hay địa chỉ người gửi này gửi gì. Phần lớn là do trước đó có thư bất thường hoặc thư rác đã được gửi đi.',
    fix: [
      'Đổi mật khẩu của tài khoản, và thu hồi các mật khẩu ứng dụng mà bạn không biết.',
      'Đăng nhập webmail và làm theo các bước mở lại quyền gửi (Zoho: mail.zoho.com/UnblockMe).',
      'Xem thư mục thư đã gửi và các quy tắc chuyển tiếp, xóa những gì không phải của bạn.',
      'Dừng việc gửi tự động, đợi một ngày rồi mới gửi lại.',
      'Nhờ nhà cung cấp hoặc quản trị viên gỡ chặn (Microsoft 365: Defender > thực thể bị hạn chế, Restricted entities).',
    ],
    test: 'Gửi một thư trong webmail: nếu tài khoản bị chặn thì ở đó cũng bị từ chối và có nêu lý do.',
  },
  'sender.domain-invalid': {
    title: 'Tên miền người gửi không có hoặc không nhận thư',
    meaning:
      'Máy chủ tra tên miền của địa chỉ người gửi và không thấy nơi nào nhận được thư trả lời. Có thể địa chỉ bị gõ sai, phần tên miền là tên máy tính, hoặc tên miền đã hết hạn.',
    fix: [
      'Sửa lại địa chỉ người gửi cho đúng chính tả.',
      'Trong script hoặc thiết bị, thay người gửi kiểu root@localhost hay www-data@server bằng một địa chỉ thật.',
      'Kiểm tra tên miền đã đăng ký, còn hạn và có bản ghi MX.',
      'Nếu tên miền vừa thiết lập, đợi vài giờ cho DNS cập nhật khắp nơi.',
    ],
    test: 'Tra bản ghi MX và bản ghi địa chỉ của tên miền người gửi: không có.',
  },
  'recipient.unknown': {
    title: 'Địa chỉ người nhận không tồn tại',
    meaning: 'Máy chủ nhận không có hộp thư nào tên như vậy. Tài khoản và việc đăng nhập của bạn không có vấn đề.',
    fix: [
      'Kiểm tra chính tả địa chỉ người nhận, cả trước và sau dấu @.',
      'Xóa địa chỉ khỏi danh sách gợi ý của chương trình rồi gõ lại.',
      'Hỏi người nhận địa chỉ hiện tại bằng cách khác.',
      'Nếu hộp thư nằm ở nhà cung cấp mới, cập nhật bản ghi MX của tên miền và tắt phân phối thư cục bộ trên hosting (“remote mail server”).',
      'Nếu hộp thư mới lập, đợi vài phút hoặc hỏi quản trị viên phía người nhận xem đã tạo xong chưa.',
    ],
    test: 'Gửi thư tới một địa chỉ khác cùng tên miền, hoặc nhờ người nhận xác nhận địa chỉ.',
  },
  'recipient.rejected': {
    title: 'Phía người nhận không nhận thư của người gửi này',
    meaning:
      'Hộp thư của người nhận bị tắt, hoặc quy tắc của họ chỉ nhận một số người gửi. Tài khoản và việc đăng nhập của bạn không có vấn đề.',
    fix: [
      'Hỏi người nhận bằng cách khác xem hộp thư còn dùng không.',
      'Nhờ họ, hoặc chủ nhóm, cho phép địa chỉ của bạn.',
      'Nếu chỉ thành viên mới được gửi, gửi từ một địa chỉ thuộc tổ chức của họ.',
      'Gửi toàn bộ câu trả lời cho quản trị viên phía người nhận.',
    ],
    test: 'Dùng cùng tài khoản gửi cho người nhận khác: nếu được thì quy tắc nằm ở phía người nhận ban đầu.',
  },
  'message.too-large': {
    title: 'Thư lớn hơn mức máy chủ cho phép',
    meaning:
      'Máy chủ của bạn hoặc của người nhận từ chối thư vì dung lượng. Tệp đính kèm tăng thêm khoảng một phần ba khi gửi đi.',
    fix: [
      'Chia sẻ tệp lớn bằng liên kết thay vì đính kèm.',
      'Chia tệp đính kèm ra nhiều thư nhỏ hơn, hoặc nén lại.',
      'So dung lượng với giới hạn máy chủ nêu (SIZE trong danh sách tính năng).',
      'Nếu máy chủ là của bạn, tăng giới hạn (Postfix: message_size_limit; Exchange: Set-Mailbox -MaxSendSize).',
    ],
    test: 'Gửi chính thư đó mà bỏ tệp đính kèm: nếu được thì nguyên nhân là dung lượng.',
  },
  'message.content-rejected': {
    title: 'Nội dung thư bị từ chối',
    meaning:
      'Bộ lọc coi thư là thư rác hoặc có mã độc, cấm một tệp đính kèm, hoặc thấy thư sai định dạng. Tài khoản và việc đăng nhập không có vấn đề.',
    fix: [
      'Gửi một thư ngắn, không liên kết, không đính kèm, xem có qua không.',
      'Bỏ tệp đính kèm thuộc loại bị cấm, như tệp chương trình và tệp nén có mật khẩu.',
      'Bỏ liên kết rút gọn và liên kết tới trang lạ.',
      'Nếu bộ lọc nêu tên virus, quét mã độc trên máy.',
      'Trong script, gửi thư đúng định dạng, có From, Date, Message-ID và một Subject.',
      'Gửi câu trả lời cho nhà cung cấp, hoặc cho quản trị viên phía người nhận, và hỏi vì sao bộ lọc từ chối.',
    ],
    test: 'Gửi một thư chỉ có một dòng chữ cho cùng người nhận: nếu được thì nguyên nhân là nội dung.',
  },
  'policy.helo-rejected': {
    title: 'Máy chủ không chấp nhận tên mà máy này xưng (EHLO)',
    meaning:
      'Ở lệnh đầu tiên, ứng dụng email xưng tên máy của mình, và {host} không nhận tên đó: không phải tên miền đầy đủ, có ký tự bị cấm, hoặc không có trong DNS.',
    fix: [
      'Đặt tên EHLO hoặc HELO của ứng dụng email là tên miền đầy đủ, hoặc địa chỉ trong ngoặc vuông như [192.0.2.1].',
      'Bỏ dấu gạch dưới, dấu cách và chữ ngoài a đến z khỏi tên máy tính.',
      'Trên máy chủ thư, đặt tên của nó là một tên có trong DNS (Postfix: myhostname).',
      'Đăng nhập ở cổng 587 hoặc 465: ở đó máy chủ kiểm tra tên ít chặt hơn.',
    ],
    test: 'Kết nối lại với tên EHLO khác (địa chỉ trong ngoặc vuông hoặc tên miền đầy đủ): nếu qua thì nguyên nhân là tên cũ.',
  },
  'policy.reverse-dns': {
    title: 'Địa chỉ IP gửi không có tên DNS ngược hợp lệ',
    meaning:
      'Máy chủ tra tên của địa chỉ IP đang kết nối (bản ghi PTR) và không thấy, hoặc tên đó không dẫn ngược lại địa chỉ. Máy chủ nhận thư yêu cầu điều này ở các máy chủ thư khác.',
    fix: [
      'Nếu bạn ở mạng gia đình hoặc văn phòng, đăng nhập và gửi qua máy chủ của nhà cung cấp, ở cổng 587 hoặc 465.',
      'Nếu đây là máy chủ thư của bạn, nhờ nhà mạng hoặc nhà cung cấp hosting đặt bản ghi PTR cho địa chỉ của nó.',
      'Cho tên trong bản ghi PTR một bản ghi A hoặc AAAA trỏ về đúng địa chỉ đó.',
      'Nếu chỉ IPv6 thiếu bản ghi, đặt cho cả IPv6 hoặc gửi bằng IPv4.',
      'Nếu bản ghi vừa được đặt, đợi vài giờ cho DNS cập nhật khắp nơi.',
    ],
    test: 'Tra bản ghi PTR của địa chỉ gửi và địa chỉ của tên đó: hai bên phải dẫn tới nhau.',
  },
  'policy.blocklisted': {
    title: 'Địa chỉ IP gửi nằm trong danh sách đen',
    meaning:
      'Máy chủ từ chối địa chỉ đang kết nối, vì một danh sách đen (blacklist) hoặc dữ liệu của chính nó ghi địa chỉ này là nguồn thư rác hoặc là đường truyền gia đình.',
    fix: [
      'Nếu bạn ở mạng gia đình hoặc văn phòng, đăng nhập và gửi qua máy chủ của nhà cung cấp, ở cổng 587 hoặc 465 thay cho 25.',
      'Tắt VPN hoặc proxy rồi thử lại.',
      'Tra địa chỉ trên trang nêu trong câu trả lời và làm theo các bước xin gỡ.',
      'Nếu máy chủ hoặc mạng là của bạn, tìm thứ đang gửi thư rác và chặn nó trước.',
      'Nếu máy chủ của nhà cung cấp bị liệt kê, gửi câu trả lời cho nhà cung cấp.',
    ],
    test: 'Tra địa chỉ ở danh sách nêu trong câu trả lời, hoặc gửi từ mạng khác.',
  },
  'policy.greylisted': {
    title: 'Greylisting: máy chủ yêu cầu gửi lại sau ít phút',
    meaning:
      'Máy chủ hoãn thư đầu tiên của người gửi chưa quen, và nhận khi thư được gửi lại sau vài phút. Máy chủ thư tự làm việc đó.',
    fix: [
      'Đợi: máy chủ thư sẽ gửi lại và thư đến trong vòng một giờ.',
      'Nếu script gửi thẳng tới người nhận, gửi lại sau 15 phút, hoặc đăng nhập và gửi qua máy chủ của nhà cung cấp.',
      'Nếu kéo dài nhiều giờ, nhờ quản trị viên phía người nhận cho máy chủ của bạn làm ngoại lệ.',
    ],
    test: 'Gửi lại chính thư đó sau 15 phút: thư sẽ được nhận.',
  },
  'policy.connection-limit': {
    title: 'Quá nhiều kết nối cùng lúc',
    meaning:
      'Máy chủ chỉ cho một số kết nối nhất định từ một địa chỉ hoặc tài khoản, và đã hết mức. Tên đăng nhập và mật khẩu không có lỗi.',
    fix: [
      'Đóng ứng dụng email trên các thiết bị không cần, đợi 10 phút.',
      'Giảm số kết nối trong ứng dụng email (Thunderbird: Thiết lập máy chủ > Nâng cao > số kết nối máy chủ tối đa).',
      'Trong script, đóng từng phiên khi xong và mỗi lúc chỉ mở vài phiên.',
      'Nếu máy chủ là của bạn, tăng giới hạn (Dovecot: mail_max_userip_connections; Postfix: smtpd_client_connection_count_limit).',
    ],
    test: 'Đóng mọi chương trình khác, đợi 10 phút rồi kết nối một lần: sẽ được.',
  },
  'policy.rate-limited': {
    title: 'Đã chạm giới hạn số thư hoặc số yêu cầu',
    meaning:
      'Máy chủ đếm số thư, số người nhận hoặc số yêu cầu trong một khoảng thời gian, và tài khoản hoặc địa chỉ này đã dùng hết phần. Giới hạn sẽ tự hết.',
    fix: [
      'Đợi đủ thời gian nêu trong câu trả lời; nếu không nêu thì đợi một giờ, hoặc một ngày nếu là giới hạn theo ngày.',
      'Gửi ít thư hơn mỗi giờ, và mỗi lần ít người nhận hơn.',
      'Tìm chương trình hoặc biểu mẫu web đang tự gửi thư và dừng nó lại.',
      'Với bản tin và thông báo hàng loạt, dùng dịch vụ gửi thư hoặc gói lớn hơn.',
      'Đề nghị nhà cung cấp nâng giới hạn.',
    ],
    test: 'Gửi một thư sau khi hết thời gian chờ: thư sẽ được nhận.',
  },
  'policy.domain-authentication': {
    title: 'Tên miền người gửi không qua SPF, DKIM hoặc DMARC',
    meaning:
      'Máy chủ nhận không xác minh được thư đến từ tên miền người gửi: máy chủ gửi không có trong bản ghi SPF, chữ ký DKIM bị thiếu hoặc hỏng, hoặc DMARC yêu cầu từ chối.',
    fix: [
      'Gửi qua máy chủ thư đi của chính nhà cung cấp địa chỉ người gửi.',
      'Thêm dịch vụ gửi vào bản ghi SPF của tên miền (một bản ghi TXT duy nhất bắt đầu bằng v=spf1).',
      'Bật DKIM ở dịch vụ gửi, và đưa khóa nó cho vào DNS.',
      'Cho tên miền trong From khớp với tên miền của SPF hoặc DKIM, như DMARC yêu cầu.',
      'Với biểu mẫu web, đặt tên miền của bạn vào From và địa chỉ của khách vào Reply-To.',
      'Nếu dịch vụ chuyển tiếp hoặc danh sách thư làm hỏng chữ ký, nhờ người vận hành nó viết lại người gửi.',
    ],
    test: 'Xem tiêu đề Authentication-Results của một thư đã đến nơi khác: ở đó ghi phần nào trong ba phần không đạt.',
  },
};
